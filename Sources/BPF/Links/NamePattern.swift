// SPDX-License-Identifier: Apache-2.0

/// A pattern of names: `*` stands for any text, `?` for one character.
struct NamePattern {
    private let text: [UInt8]

    init(_ text: String) { self.text = Array(text.utf8) }

    /// Whether a text is a pattern at all.
    static func isPattern(_ text: String) -> Bool { text.utf8.contains { $0 == 0x2a || $0 == 0x3f } }

    /// Whether a name has the pattern's form.
    ///
    /// - Complexity: O(pattern × name) at worst, O(name) for one star.
    func matches(_ name: some Collection<UInt8>) -> Bool {
        let bytes = Array(name)
        var (index, position) = (0, 0)
        // The last star, and how much of the name it stands for so far.
        var star: (index: Int, at: Int)?
        while position < bytes.count {
            if index < text.count, text[index] == 0x2a {
                star = (index, position)
                index += 1
            } else if index < text.count, text[index] == 0x3f || text[index] == bytes[position] {
                index += 1
                position += 1
            } else if let last = star {
                index = last.index + 1
                position = last.at + 1
                star = (last.index, last.at + 1)
            } else {
                return false
            }
        }
        while index < text.count, text[index] == 0x2a { index += 1 }
        return index == text.count
    }
}
