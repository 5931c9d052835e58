// SPDX-License-Identifier: Apache-2.0

/// How far apart two names are, for suggestions in errors.
public enum Spelling {
    /// The number of insertions, deletions and replacements that turn one name into the other.
    ///
    /// Names over 64 bytes are as far apart as can be. Time grows with the product of both lengths.
    public static func distance(_ first: String, _ second: String) -> Int {
        let first = Array(first.utf8)
        let second = Array(second.utf8)
        guard first.count <= 64, second.count <= 64 else { return Int.max }
        var previous = Array(0...second.count)
        for (row, byte) in first.enumerated() {
            var current = [row + 1]
            for (column, other) in second.enumerated() {
                current.append(
                    min(previous[column] + (byte == other ? 0 : 1), previous[column + 1] + 1, current[column] + 1))
            }
            previous = current
        }
        return previous[second.count]
    }
}
