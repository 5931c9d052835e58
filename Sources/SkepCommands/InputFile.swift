// SPDX-License-Identifier: Apache-2.0

import Bytes
import Linux
import ServiceRuntime

/// Files that commands are given.
enum InputFile {
    /// Maps a file.
    ///
    /// - Throws: ``ServiceError`` that says which file cannot be read.
    static func map(_ path: String) throws(ServiceError) -> OwnedBytes {
        do throws(LinuxError) {
            return try Files.map(path)
        } catch {
            if error.errno == .noSuchFileOrDirectory { throw ServiceError(.notFound, "there is no file \(path)") }
            throw ServiceError(.failed, "cannot read \(path)", cause: error)
        }
    }
}
