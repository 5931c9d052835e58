// SPDX-License-Identifier: Apache-2.0

import Linux

/// Finds executables on PATH and libraries where the dynamic linker looks, in a process's own file tree when one is given.
enum ExecutableSearch {
    private static let libraryFolders = [
        "/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib/aarch64-linux-gnu", "/usr/lib/aarch64-linux-gnu",
        "/lib64", "/usr/lib64", "/lib", "/usr/lib", "/usr/local/lib",
    ]
    private static let executableFolders = [
        "/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin",
    ]

    /// Finds a file.
    ///
    /// - Parameters:
    ///   - name: a path, `libc.so.6`, `libc` or `c`, or the name of a program.
    ///   - process: a process whose file tree and mapped files count, which may be in another mount namespace.
    static func find(_ name: String, process: Int32? = nil) throws(BPFError) -> String {
        var roots = [""]
        // The process's own root first: a container has other files behind the same paths.
        if let process, process > 0 { roots.insert("/proc/\(process)/root", at: 0) }
        if name.contains("/") {
            // `//bin/bash` is how sources write an absolute path behind a section's slash.
            let path = name.hasPrefix("//") ? String(name.dropFirst()) : name
            for root in roots {
                if root.isEmpty, Files.exists(path) { return path }
                let absolute = path.hasPrefix("/") ? path : "/" + path
                if Files.exists(root + absolute) { return root + absolute }
            }
            throw missing(name)
        }
        if let process, process > 0, let path = mapped(name, process) { return path }
        for root in roots {
            if let path = find(name, below: root) { return path }
        }
        throw missing(name)
    }

    private static func find(_ name: String, below root: String) -> String? {
        let isLibrary = name.contains(".so")
        let cache = try? LinkerCache(path: root + "/etc/ld.so.cache")
        if isLibrary {
            if let path = cache?.path(of: name), Files.exists(root + path) { return root + path }
            return first(name, in: libraryFolders, below: root)
        }
        if let path = first(name, in: executableFolders, below: root) { return path }
        let prefix = libraryPrefix(name)
        let known = (cache?.paths(withPrefix: prefix) ?? []).filter { Files.exists(root + $0) }
        if let path = known.min(by: { ($0.count, $0) < ($1.count, $1) }) { return root + path }
        for folder in libraryFolders {
            let names = ((try? Directory.names(in: root + folder)) ?? []).filter { $0.hasPrefix(prefix) }
            if let match = names.min(by: { ($0.count, $0) < ($1.count, $1) }) { return "\(root)\(folder)/\(match)" }
        }
        return nil
    }

    /// A file that the process uses right now, such as a library that it opened itself.
    private static func mapped(_ name: String, _ process: Int32) -> String? {
        guard let regions = try? Processes.regions(of: process) else { return nil }
        let prefix = libraryPrefix(name)
        for region in regions where region.isExecutable {
            let last = region.path.split(separator: "/").last.map(String.init) ?? ""
            guard last == name || (!name.contains(".so") && last.hasPrefix(prefix)) else { continue }
            let path = "/proc/\(process)/root\(region.path)"
            if Files.exists(path) { return path }
        }
        return nil
    }

    /// `libc.so` for `libc` and `c`, as tools name libraries.
    private static func libraryPrefix(_ name: String) -> String {
        (name.hasPrefix("lib") ? name : "lib" + name) + ".so"
    }

    private static func first(_ name: String, in folders: [String], below root: String) -> String? {
        folders.lazy.map { "\(root)\($0)/\(name)" }.first { Files.exists($0) }
    }

    private static func missing(_ name: String) -> BPFError {
        BPFError(
            .notFound, "there is no executable or library \(name)", hint: "give its whole path with --binary")
    }
}
