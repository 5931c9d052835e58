// SPDX-License-Identifier: Apache-2.0

import Linux

/// Where commands write data.
enum StandardOutput {
    /// Writes text; a reader that has gone ends the command quietly, as with `skep … | head`.
    static func write(_ text: String) {
        write(bytes: Array(text.utf8))
    }

    /// Writes bytes as they are.
    static func write(bytes: [UInt8]) {
        do throws(LinuxError) {
            try FileDescriptor.write(bytes, to: 1)
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
