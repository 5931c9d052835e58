// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Linux
import ServiceRuntime

/// Files that commands make: they appear whole or not at all.
enum OutputFile {
    /// Writes a file under a temporary name and gives it its own when it is complete.
    ///
    /// - Throws: ``ServiceError`` when the path is something else than a regular file, such as a device, and when the file
    ///   cannot be written.
    static func write(_ bytes: [UInt8], to path: String) throws(ServiceError) {
        guard !Files.exists(path) || Files.isRegular(path) else {
            throw ServiceError(
                .failed, "\(path) is not a regular file and is not replaced", hint: "name a file that can be replaced")
        }
        let temporary = "\(path).\(Processes.current)"
        do throws(LinuxError) {
            try Files.write(bytes, to: temporary)
            try Files.rename(temporary, to: path)
        } catch {
            try? Files.remove(temporary)
            throw ServiceError(.failed, "cannot write \(path)", cause: error)
        }
    }
}
