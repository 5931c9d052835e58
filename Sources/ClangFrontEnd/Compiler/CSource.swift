// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// A C source that makes one service.
public struct CSource: Sendable, Hashable {
    /// The path of the file, absolute and without symbolic links.
    public let path: String
    /// The folder it lies in, where its own headers are looked for first.
    public let folder: String

    /// The file's name without `.bpf.c` or `.c`.
    public var name: String {
        let file = path.split(separator: "/").last.map(String.init) ?? path
        for suffix in [".bpf.c", ".c"] where file.hasSuffix(suffix) { return String(file.dropLast(suffix.count)) }
        return file
    }

    /// Finds the source that a path means: the file itself, or the only `.bpf.c` file of a folder.
    ///
    /// - Throws: ``ClangError`` with code ``ClangError/Code/sourceMissing``, or ``ClangError/Code/ambiguousSource``
    ///   naming the files of a folder that holds none or several.
    public init(at path: String) throws(ClangError) {
        guard let found = System.canonical(path), let kind = System.kind(found) else {
            throw ClangError(.sourceMissing, "there is no file or folder '\(path)'")
        }
        switch kind {
        case .file:
            self.init(file: found)
        case .folder:
            guard let names = System.names(in: found) else {
                throw ClangError(.sourceMissing, "the folder '\(path)' cannot be read")
            }
            let sources = names.filter { $0.hasSuffix(".bpf.c") && System.kind(found + "/" + $0) == .file }
            guard let only = sources.first, sources.count == 1 else {
                throw Self.ambiguous(path, sources)
            }
            self.init(file: found + "/" + only)
        case .other:
            throw ClangError(.sourceMissing, "'\(path)' is neither a file nor a folder")
        }
    }

    private init(file: String) {
        path = file
        folder = file.lastIndex(of: "/").map { String(file[..<$0]) } ?? "."
    }

    private static func ambiguous(_ path: String, _ sources: [String]) -> ClangError {
        if sources.isEmpty {
            return ClangError(
                .ambiguousSource, "the folder '\(path)' holds no .bpf.c file",
                hint: "name the source file itself, or end its name in .bpf.c")
        }
        return ClangError(
            .ambiguousSource,
            "the folder '\(path)' holds \(sources.count) .bpf.c files: \(sources.joined(separator: ", "))",
            hint: "name one of them")
    }
}
