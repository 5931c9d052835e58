// SPDX-License-Identifier: Apache-2.0

import Linux

/// Where a service's code is: a source to compile or an object to load.
public enum ServiceLocation: Sendable, Hashable {
    /// A C source file.
    case source(path: String)
    /// An object file.
    case object(path: String)

    /// The path of the file.
    public var path: String {
        switch self {
        case .source(let path), .object(let path): path
        }
    }

    /// The service's name: the file's without its endings, such as `opensnoop` for `opensnoop.bpf.c`.
    public var name: String {
        let file = path.split(separator: "/").last.map(String.init) ?? path
        for ending in [".bpf.c", ".bpf.o", ".c", ".o"] where file.hasSuffix(ending) && file.count > ending.count {
            return String(file.dropLast(ending.count))
        }
        return file
    }

    /// Finds a service.
    ///
    /// - Parameter name: the name of a prebuilt service, a `.c` or `.o` file, or a folder that holds one.
    /// - Throws: ``ServiceError`` that lists what could have been meant.
    public static func find(_ name: String) throws(ServiceError) -> ServiceLocation {
        if name.contains("/") || name.hasSuffix(".c") || name.hasSuffix(".o") || name == "." || name == ".." {
            return try file(name)
        }
        for folder in SharedFolder.candidates {
            let path = "\(folder)/services/\(name).o"
            if Files.exists(path) { return .object(path: path) }
        }
        if Files.exists(name) { return try file(name) }
        let known = prebuiltNames()
        let close = known.filter { $0.hasPrefix(name.prefix(3)) || $0.contains(name) }
        throw ServiceError(
            .notFound, "there is no service \(name)",
            hint: close.isEmpty
                ? (known.isEmpty
                    ? "no prebuilt services are installed; give a .bpf.c or .o file"
                    : "known services: " + known.joined(separator: ", "))
                : "did you mean \(close.joined(separator: " or "))?")
    }

    /// The names of the prebuilt services, in alphabetical order.
    public static func prebuiltNames() -> [String] {
        for folder in SharedFolder.candidates {
            let names = ((try? Directory.names(in: folder + "/services")) ?? [])
                .filter { $0.hasSuffix(".o") }.map { String($0.dropLast(2)) }
            if !names.isEmpty { return names.sorted() }
        }
        return []
    }

    private static func file(_ path: String) throws(ServiceError) -> ServiceLocation {
        guard Files.exists(path) else {
            throw ServiceError(.notFound, "there is no file \(path)")
        }
        guard Files.isDirectory(path) else {
            // Reading a pipe without a writer would wait for ever, and a device need not end.
            guard Files.isRegular(path) else {
                throw ServiceError(
                    .failed, "\(path) is not a regular file", hint: "give a .bpf.c or .o file, or a folder")
            }
            return path.hasSuffix(".c") ? .source(path: path) : .object(path: path)
        }
        let entries: [String]
        do throws(LinuxError) {
            entries = try Directory.names(in: path).sorted()
        } catch {
            throw ServiceError(.failed, "cannot look into the folder \(path)", cause: error)
        }
        for ending in [".bpf.c", ".bpf.o", ".o", ".c"] {
            let matches = entries.filter { $0.hasSuffix(ending) }
            if matches.count > 1 {
                throw ServiceError(
                    .usage, "the folder \(path) holds several services: \(matches.joined(separator: ", "))",
                    hint: "name one of the files")
            }
            if let match = matches.first {
                let file = (path.hasSuffix("/") ? path : path + "/") + match
                return ending.hasSuffix(".c") ? .source(path: file) : .object(path: file)
            }
        }
        throw ServiceError(.notFound, "the folder \(path) holds no .bpf.c and no .o file")
    }
}
