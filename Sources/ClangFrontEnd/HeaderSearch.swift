// SPDX-License-Identifier: Apache-2.0

import Linux

/// Finds the folders of a project that hold the headers a source includes, as the project's own build would name them.
///
/// Projects keep headers beside their sources (`headers/`, `include/`, `../common`) and tell the compiler so in build
/// files that only their own tools read. The search looks at what is included and is not found, so that it adds nothing
/// where nothing is missing, and it stays inside the project: a few folders up, never in a folder that everyone shares.
struct HeaderSearch {
    /// The folders to add, the best first.
    private(set) var folders: [String] = []
    /// Names that end in `vmlinux.h` and are nowhere, such as `bpf/vmlinux.h`.
    private(set) var kernelHeaderNames: [String] = []
    /// Whether the source or one of its headers includes a `vmlinux.h`.
    private(set) var wantsKernelHeader = false

    private let given: [String]
    private let known: [String]
    private let ancestors: [String]
    private var visited: Set<String> = []

    /// The most files that are read, and the largest of them.
    private static let maximumFiles = 128
    private static let maximumSize = 1 << 20

    /// Where projects keep headers, seen from a folder of theirs.
    private static let places = [
        "", "headers", "include", "includes", "common", "bpf", "bpf/headers", "lib", "src", "vmlinux", "bpf_headers",
        "lib/xdp-tools/headers", "libbpf/include", "include/vmlinux",
    ]

    /// Follows what a source includes.
    ///
    /// - Parameters:
    ///   - given: folders of the project that the compiler is told of.
    ///   - known: folders of the system that the compiler looks into anyway.
    init(_ source: String, given: [String], known: [String]) {
        let folder = Self.folder(of: source)
        self.given = [folder] + given
        self.known = known
        ancestors = Self.ancestors(of: folder)
        var queue = [source]
        while let path = queue.popLast(), visited.count < Self.maximumFiles {
            guard visited.insert(path).inserted, let text = try? Files.readText(path, limit: Self.maximumSize) else {
                continue
            }
            for name in Self.includes(in: text) {
                if let found = resolve(name, from: path) { queue.append(found) }
            }
        }
    }

    /// Where an included file is, if it is one of the project's.
    private mutating func resolve(_ name: String, from includer: String) -> String? {
        let isKernelHeader = name == "vmlinux.h" || name.hasSuffix("/vmlinux.h")
        if isKernelHeader { wantsKernelHeader = true }
        let beside = Self.folder(of: includer) + "/" + name
        if Files.exists(beside) { return beside }
        // The header of the running kernel is better than a copy somewhere else.
        if name == "vmlinux.h" { return nil }
        for folder in given + folders where Files.exists("\(folder)/\(name)") { return "\(folder)/\(name)" }
        if known.contains(where: { Files.exists("\($0)/\(name)") }) { return nil }
        for ancestor in ancestors {
            for place in Self.places {
                let folder = place.isEmpty ? ancestor : "\(ancestor)/\(place)"
                guard Files.exists("\(folder)/\(name)") else { continue }
                folders.append(folder)
                return "\(folder)/\(name)"
            }
        }
        if isKernelHeader, !kernelHeaderNames.contains(name) { kernelHeaderNames.append(name) }
        return nil
    }

    /// The names behind `#include`, in order.
    static func includes(in text: String) -> [String] {
        var names: [String] = []
        for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
            var rest = line.drop { $0 == 32 || $0 == 9 }
            guard rest.first == UInt8(ascii: "#") else { continue }
            rest = rest.dropFirst().drop { $0 == 32 || $0 == 9 }
            guard rest.starts(with: "include".utf8) else { continue }
            rest = rest.dropFirst(7).drop { $0 == 32 || $0 == 9 }
            guard let opening = rest.first, opening == UInt8(ascii: "\"") || opening == UInt8(ascii: "<") else {
                continue
            }
            let closing = opening == UInt8(ascii: "<") ? UInt8(ascii: ">") : opening
            let name = rest.dropFirst().prefix { $0 != closing }
            if !name.isEmpty, name.count < 256, let text = String(name) { names.append(text) }
        }
        return names
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// A folder and those above it that still belong to its project.
    private static func ancestors(of folder: String) -> [String] {
        let shared = ["/", "/tmp", "/var/tmp", "/dev/shm", "/home", "/root", "/usr", "/etc", "/opt", "/srv", "/mnt"]
            .compactMap { try? Files.identity($0).inode }
        var result: [String] = []
        var current = folder
        for _ in 0..<4 {
            guard let inode = try? Files.identity(current).inode, !shared.contains(inode) else { break }
            result.append(current)
            if Files.exists(current + "/.git") { break }
            current += "/.."
        }
        return result
    }
}
