// SPDX-License-Identifier: Apache-2.0

/// How many bytes of names may be copied out of a file: names may share bytes, so that a small file could otherwise ask
/// for any amount of memory.
struct NameBudget {
    private var remaining: Int
    private let section: String

    /// What all units and line tables of a file may have together; those of compilers have less than the sections.
    init(_ sections: DebugSections) {
        let count = [sections.information, sections.strings, sections.lineStrings, sections.lines].reduce(0) {
            $0 + $1.count
        }
        remaining = 8 * count + 1 << 20
        section = sections.strings.name
    }

    /// Takes a name's bytes and answers the name.
    ///
    /// - Throws: ``DWARFError/Code/tooLarge`` when nothing is left.
    mutating func spend(_ name: String) throws(DWARFError) -> String {
        remaining -= name.utf8.count
        guard remaining >= 0 else {
            throw DWARFError(
                .tooLarge, "the names are far longer together than the sections that hold them", section: section)
        }
        return name
    }
}
