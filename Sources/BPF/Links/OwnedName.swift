// SPDX-License-Identifier: Apache-2.0

import Linux

/// Names of what the kernel keeps although its maker has died: `skep:PIDNAMESPACE:PROCESS:START:PROGRAM`.
enum OwnedName {
    /// The name for a program of this process; at most 255 bytes.
    static func of(_ program: String) -> String {
        "skep:\(ProcessOwner.current.text(separator: ":")):\(program.prefix(128))"
    }

    /// Whether a process made it that has surely ended.
    static func isAbandoned(_ name: String) -> Bool {
        let parts = name.split(separator: ":", maxSplits: 4, omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0] == "skep" else { return false }
        return ProcessOwner(parts[1...3].joined(separator: ":"), separator: ":")?.isGone ?? false
    }
}
