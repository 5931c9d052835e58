// SPDX-License-Identifier: Apache-2.0

/// A function with code of its own.
public struct DWARFFunction: Sendable, Hashable {
    /// The name in the source.
    public let name: String
    /// The function's type: result and parameters.
    public let type: DWARFTypeID
    /// The addresses of its code.
    public let ranges: [DWARFRange]
    /// The file it is declared in, with its whole path; `nil` when unknown.
    public let file: String?
    /// The line it is declared in; 0 when unknown.
    public let line: UInt64
}

extension DWARFInformation {
    /// More than any program has.
    private static let mostPieces = 1 << 22

    /// All functions that have code of their own, in the order of the file.
    ///
    /// - Complexity: O(number of entries).
    /// - Throws: ``DWARFError`` when the entries are malformed.
    public func functions() throws(DWARFError) -> [DWARFFunction] {
        var found: [DWARFFunction] = []
        var names = NameBudget(tree.sections)
        var pieces = 0
        for entry in tree.entries.indices where tree.tag(of: entry) == Tag.subprogram {
            let ranges = try tree.ranges(of: entry)
            guard !ranges.isEmpty else { continue }
            // Functions may share one list.
            pieces += ranges.count
            guard pieces <= Self.mostPieces else {
                throw DWARFError(
                    .tooLarge, "the functions are in more than \(Self.mostPieces) pieces", section: ".debug_info",
                    offset: Int(tree.entries[entry].offset))
            }
            let file = try tree.inherited(Attribute.declarationFile, of: entry)
            found.append(
                DWARFFunction(
                    name: try names.spend(tree.inheritedName(of: entry)), type: DWARFTypeID(entry: entry),
                    ranges: ranges, file: try path(ofFile: file?.value, in: file?.unit, &names),
                    line: try tree.inherited(Attribute.declarationLine, of: entry)?.value.unsigned ?? 0))
        }
        return found
    }
}
