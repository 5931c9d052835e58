// SPDX-License-Identifier: Apache-2.0

/// The comment that belongs to a declaration: directly above it, or behind it on its line.
enum SourceComment {
    /// A help text is one paragraph; longer comments are cut.
    private static let maximumLength = 300

    /// - Parameters:
    ///   - line: the declaration's line, counted from 1.
    ///   - lines: the source's lines.
    static func find(above line: Int, in lines: [String]) -> String? {
        guard line >= 1, line <= lines.count else { return nil }
        if let text = behind(lines[line - 1]) { return text }
        var found: [String] = []
        var index = line - 2
        var isInBlock = false
        while index >= 0 {
            let text = trim(lines[index])
            if isInBlock || text.hasSuffix("*/") {
                // A block that starts with code in front belongs to that code.
                if let start = range(of: "/*", in: text), start > 0 { break }
                found.insert(strip(text), at: 0)
                isInBlock = !text.hasPrefix("/*")
                if !isInBlock { break }
            } else if text.hasPrefix("//") {
                found.insert(strip(text), at: 0)
            } else {
                break
            }
            index -= 1
        }
        let text = found.filter { !$0.isEmpty && !$0.hasPrefix("SPDX-") && !$0.hasPrefix("@") }.joined(separator: " ")
        return text.isEmpty ? nil : String(text.prefix(maximumLength))
    }

    private static func behind(_ line: String) -> String? {
        guard let start = range(of: "/*", in: line) ?? range(of: "//", in: line) else { return nil }
        let index = line.index(line.startIndex, offsetBy: start)
        // A comment in front of the declaration is not behind it.
        guard line[..<index].contains(";") else { return nil }
        let text = strip(String(line[index...]))
        return text.isEmpty ? nil : String(text.prefix(maximumLength))
    }

    private static func range(of part: String, in text: String) -> Int? {
        let (part, text) = (Array(part), Array(text))
        guard part.count <= text.count else { return nil }
        return (0...(text.count - part.count)).first { Array(text[$0..<$0 + part.count]) == part }
    }

    private static func strip(_ text: String) -> String {
        var text = Substring(trim(text))
        while let first = text.first, first == "/" || first == "*" || first == "!" || first == "<" {
            text = text.dropFirst()
        }
        while let last = text.last, last == "/" || last == "*" { text = text.dropLast() }
        return trim(String(text))
    }

    private static func trim(_ text: String) -> String {
        var text = Substring(text)
        while text.first?.isWhitespace == true { text = text.dropFirst() }
        while text.last?.isWhitespace == true { text = text.dropLast() }
        return String(text)
    }
}
