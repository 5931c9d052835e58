// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The checked-out sources, for the tests that read them.
enum Tree {
    /// The folder that holds Package.swift.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// One source file, with its path from the root.
    struct Source: CustomStringConvertible, Sendable {
        let path: String
        let text: String

        var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
        var isGenerated: Bool { path.contains("/Generated/") }
        var description: String { path }

        /// The modules that the file imports, one per `import` line, whatever attributes and access come before it.
        var imports: [String] {
            lines.compactMap { line in
                guard let match = line.wholeMatch(of: Tree.importLine) else { return nil }
                return String(match.module)
            }
        }
    }

    private static var importLine: Regex<(Substring, module: Substring)> {
        /\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|private|fileprivate)\s+)?import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(?<module>\w+).*/
    }

    /// The files below a folder whose names end with one of the endings; build products and links are left out.
    static func sources(below folder: String, endings: [String] = [".swift"]) -> [Source] {
        let top = root.appending(path: folder)
        guard
            let walk = FileManager.default.enumerator(
                at: top, includingPropertiesForKeys: nil, options: [.skipsHiddenFiles])
        else { return [] }
        var found: [Source] = []
        for case let file as URL in walk where endings.contains(where: file.lastPathComponent.hasSuffix) {
            guard let text = try? String(contentsOf: file, encoding: .utf8) else { continue }
            found.append(Source(path: String(file.path.dropFirst(root.path.count + 1)), text: text))
        }
        return found.sorted { $0.path < $1.path }
    }
}
