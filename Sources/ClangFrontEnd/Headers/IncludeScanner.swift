// SPDX-License-Identifier: Apache-2.0

/// Finds out whether a source includes the kernel's types, without running a preprocessor.
///
/// It reads `#include` lines whatever the conditions around them, so it may say yes too often, which costs a little
/// time; it never says no wrongly for includes that are written out.
struct IncludeScanner {
    /// Folders for includes besides the source's own.
    let folders: [String]
    /// More files than any program has; a bound for cycles and mistakes.
    private static let maximumFiles = 1000
    private static let maximumSize = 64 << 20

    init(folders: [String]) {
        self.folders = folders
    }

    /// Whether the source, or a header of its project, includes a `vmlinux.h` that the project does not bring itself.
    func needsKernelHeader(_ source: CSource) throws(ClangError) -> Bool {
        var pending = [source.path]
        var seen: Set<String> = [source.path]
        while let path = pending.popLast() {
            let bytes: [UInt8]
            do throws(SystemError) {
                bytes = try System.contents(path, limit: Self.maximumSize)
            } catch {
                guard path == source.path else { continue }
                throw ClangError(.sourceMissing, "'\(path)' cannot be read: \(error)")
            }
            let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
            for name in Self.includes(in: bytes) {
                if let found = resolve(name, from: folder, source: source) {
                    guard seen.count < Self.maximumFiles, seen.insert(found).inserted else { continue }
                    pending.append(found)
                } else if name == "vmlinux.h" {
                    return true
                }
            }
        }
        return false
    }

    private func resolve(_ name: String, from folder: String, source: CSource) -> String? {
        ([folder, source.folder] + folders).lazy.map { $0 + "/" + name }.first { System.kind($0) == .file }
    }

    /// The names in `#include "name"` and `#include <name>` lines.
    static func includes(in bytes: [UInt8]) -> [String] {
        var names: [String] = []
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            var rest = line.drop { $0 == 0x20 || $0 == 0x09 }
            guard rest.first == UInt8(ascii: "#") else { continue }
            rest = rest.dropFirst().drop { $0 == 0x20 || $0 == 0x09 }
            guard rest.starts(with: "include".utf8) else { continue }
            rest = rest.dropFirst("include".utf8.count).drop { $0 == 0x20 || $0 == 0x09 }
            let close: UInt8
            switch rest.first {
            case UInt8(ascii: "\""): close = UInt8(ascii: "\"")
            case UInt8(ascii: "<"): close = UInt8(ascii: ">")
            default: continue
            }
            let name = rest.dropFirst().prefix { $0 != close }
            guard name.endIndex < rest.endIndex, !name.isEmpty else { continue }
            names.append(String(decoding: name, as: UTF8.self))
        }
        return names
    }
}
