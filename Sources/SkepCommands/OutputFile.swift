// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Linux
import ServiceRuntime

/// Files that commands make: they appear whole or not at all.
enum OutputFile {
    /// Writes a file under a temporary name and gives it its own when it is complete; a device or pipe, such as
    /// /dev/null, is written to and never replaced.
    ///
    /// - Throws: ``ServiceError`` when the file cannot be written.
    static func write(_ bytes: [UInt8], to path: String) throws(ServiceError) {
        let isReplaced = !Files.exists(path) || Files.isRegular(path)
        let written = isReplaced ? "\(path).\(Processes.current)" : path
        do throws(LinuxError) {
            try Files.write(bytes, to: written)
            if isReplaced { try Files.rename(written, to: path) }
        } catch {
            if isReplaced { try? Files.remove(written) }
            throw ServiceError(.failed, "cannot write \(path)", cause: error)
        }
    }
}
