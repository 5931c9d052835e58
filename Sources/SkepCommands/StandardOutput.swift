// SPDX-License-Identifier: Apache-2.0

import Linux

/// Where commands write data.
enum StandardOutput {
    /// Writes text; a reader that has gone ends the command quietly, as with `skep … | head`.
    static func write(_ text: String) {
        do throws(LinuxError) {
            try FileDescriptor.write(Array(text.utf8), to: 1)
        } catch {
            Processes.exit(error.errno == .brokenPipe ? 0 : 1)
        }
    }
}

/// Where commands write everything that is no data.
enum StandardError {
    /// Writes text.
    static func write(_ text: String) {
        try? FileDescriptor.write(Array(text.utf8), to: 2)
    }
}
