// SPDX-License-Identifier: Apache-2.0

import Linux

/// Which of the processes that had a number one after the other: the number and when it started.
struct ProcessIdentity: Sendable, Hashable {
    let process: Int32
    /// In clock ticks since the machine started.
    let startTime: UInt64

    /// The process that has the number now; `nil` when there is none.
    init?(_ process: Int32) {
        guard let text = try? Files.readText("/proc/\(process)/stat", limit: 1 << 16) else { return nil }
        // The command's name can hold anything, so count from its closing parenthesis: field 22 is the 20th behind it.
        guard let close = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: close)...].split(separator: " ")
        guard fields.count > 19, let startTime = UInt64(fields[19]) else { return nil }
        self.process = process
        self.startTime = startTime
    }
}
