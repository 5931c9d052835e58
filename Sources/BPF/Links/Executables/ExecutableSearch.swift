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
        guard let process, process > 0 else {
            if name.contains("/") {
                // `//bin/bash` is how sources write an absolute path behind a section's slash.
                let path = name.hasPrefix("//") ? String(name.dropFirst()) : name
                if Files.exists(path) { return path }
                if !path.hasPrefix("/"), Files.exists("/" + path) { return "/" + path }
            } else if let path = find(name, below: "") {
                return path
            }
            throw missing(name)
        }
        // The process's own files only: a container has others behind the same paths, and a probe on the machine's
        // would never hit.
        let root = "/proc/\(process)/root"
        if name.contains("/") {
            if name.hasPrefix("./") || name.hasPrefix("../") || name.hasPrefix("/proc/"), Files.exists(name) {
                return name
            }
            if let path = RootedPath.resolve(name, below: root) { return path }
        } else if let path = mapped(name, process) ?? find(name, below: root) {
            return path
        }
        throw missing(name)
    }

    private static func find(_ name: String, below root: String) -> String? {
        let isLibrary = name.contains(".so")
        let cache = try? LinkerCache(path: root + "/etc/ld.so.cache")
        if isLibrary {
            if let path = cache?.path(of: name).flatMap({ RootedPath.resolve($0, below: root) }) { return path }
            return first(name, in: libraryFolders, below: root)
        }
        if let path = first(name, in: executableFolders, below: root) { return path }
        let prefix = libraryPrefix(name)
        let known = (cache?.paths(withPrefix: prefix) ?? []).sorted { ($0.count, $0) < ($1.count, $1) }
        for path in known { if let path = RootedPath.resolve(path, below: root) { return path } }
        for folder in libraryFolders {
            guard let folder = RootedPath.resolve(folder, below: root) else { continue }
            let names = ((try? Directory.names(in: folder)) ?? []).filter { $0.hasPrefix(prefix) }
            let match = names.min { ($0.count, $0) < ($1.count, $1) }
            if let match, let path = RootedPath.resolve("\(folder.dropFirst(root.count))/\(match)", below: root) {
                return path
            }
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
            if let path = RootedPath.resolve(region.path, below: "/proc/\(process)/root") { return path }
        }
        return nil
    }

    /// `libc.so` for `libc` and `c`, as tools name libraries.
    private static func libraryPrefix(_ name: String) -> String {
        (name.hasPrefix("lib") ? name : "lib" + name) + ".so"
    }

    private static func first(_ name: String, in folders: [String], below root: String) -> String? {
        folders.lazy.compactMap { RootedPath.resolve("\($0)/\(name)", below: root) }.first
    }

    private static func missing(_ name: String) -> BPFError {
        BPFError(
            .notFound, "there is no executable or library \(name)", hint: "give its whole path with --binary")
    }
}
