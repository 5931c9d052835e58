// SPDX-License-Identifier: Apache-2.0

import Glibc

extension Files {
    /// Whether a path names a folder.
    public static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Whether a path is a folder of this user, no link, that nobody else may write to.
    public static func isPrivateDirectory(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR && status.st_uid == geteuid()
            && status.st_mode & 0o022 == 0
    }

    /// Whether a path names a file of bytes: no folder, pipe, socket or device.
    public static func isRegular(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// Whether this process may execute a file.
    public static func isExecutable(_ path: String) -> Bool {
        access(path, X_OK) == 0 && !isDirectory(path)
    }

    /// Makes a folder and those above it.
    ///
    /// - Throws: ``LinuxError`` when one cannot be made.
    public static func makeFolders(_ path: String) throws(LinuxError) {
        var current = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            current += "/" + part
            guard !isDirectory(current) else { continue }
            do throws(LinuxError) {
                try makeDirectory(current)
            } catch {
                // Another process may have made it meanwhile.
                guard error.errno == .exists else { throw error }
            }
        }
    }

    /// Gives a file another name, at once and replacing what had it.
    ///
    /// - Throws: ``LinuxError`` when the file system refuses.
    public static func rename(_ path: String, to other: String) throws(LinuxError) {
        guard Glibc.rename(path, other) == 0 else {
            throw LinuxError(Errno(rawValue: errno), call: "rename", path: path)
        }
    }
}
