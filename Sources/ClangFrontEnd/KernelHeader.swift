// SPDX-License-Identifier: Apache-2.0

import Linux

/// The header `vmlinux.h` of a kernel's types, kept in a cache since making it takes longer than using it.
public struct KernelHeader: Sendable {
    /// The folder that holds the file `vmlinux.h`.
    public let folder: String

    /// Finds the header of the running kernel in the cache, or makes it.
    ///
    /// Two processes may do this at once: each writes a file of its own and renames it.
    ///
    /// - Parameters:
    ///   - version: changes when the text that `text` makes changes for the same kernel.
    ///   - text: makes the header.
    /// - Throws: ``ClangError`` when no cache can be written, or what `text` throws as its cause.
    public static func running(version: Int, text: () throws -> [UInt8]) throws(ClangError) -> KernelHeader {
        let key = "\(KernelVersion.release)-\(buildID())-\(version)"
        var failure: (any Error)?
        for cache in cacheFolders() where !Self.isForeign(cache) {
            let folder = cache + "/vmlinux-" + key
            if Files.exists(folder + "/vmlinux.h") { return KernelHeader(folder: folder) }
            do {
                try Files.makeFolders(folder)
                let temporary = folder + "/vmlinux.h.\(Processes.current)"
                try Files.write(try text(), to: temporary)
                try Files.rename(temporary, to: folder + "/vmlinux.h")
                return KernelHeader(folder: folder)
            } catch {
                failure = error
            }
        }
        throw ClangError(
            .noKernelHeader, "cannot make vmlinux.h, the header of this kernel's types",
            hint: "set XDG_CACHE_HOME to a folder that can be written", cause: failure)
    }

    private static func cacheFolders() -> [String] {
        var folders: [String] = []
        if let cache = Environment.variable("XDG_CACHE_HOME"), !cache.isEmpty { folders.append(cache + "/skep") }
        if let home = Environment.variable("HOME"), !home.isEmpty, home != "/" { folders.append(home + "/.cache/skep") }
        return folders + ["/var/cache/skep", "/tmp/skep-\(Processes.currentUser)"]
    }

    /// Whether somebody else may have put files there: in /tmp anybody can make a folder of any name.
    private static func isForeign(_ folder: String) -> Bool {
        guard folder.hasPrefix("/tmp/") else { return false }
        do throws(LinuxError) {
            try Files.makeDirectory(folder, mode: 0o700)
            return false
        } catch {
            return !Files.isPrivateDirectory(folder)
        }
    }

    /// What tells two builds of one release apart: the build id in the kernel's notes.
    private static func buildID() -> String {
        guard let notes = try? Files.read("/sys/kernel/notes", limit: 1 << 16) else { return "unknown" }
        // FNV-1a over the notes, of which the build id is one.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in notes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return String(hash, radix: 16)
    }
}
