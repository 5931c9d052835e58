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
    /// All functions that have code of their own, in the order of the file.
    ///
    /// - Complexity: O(number of entries).
    /// - Throws: ``DWARFError`` when the entries are malformed.
    public func functions() throws(DWARFError) -> [DWARFFunction] {
        var found: [DWARFFunction] = []
        for entry in tree.entries.indices where tree.tag(of: entry) == Tag.subprogram {
            let ranges = try tree.ranges(of: entry)
            guard !ranges.isEmpty else { continue }
            let file = try tree.inherited(Attribute.declarationFile, of: entry)
            found.append(
                DWARFFunction(
                    name: try tree.inheritedName(of: entry), type: DWARFTypeID(entry: entry), ranges: ranges,
                    file: file.flatMap { path(ofFile: $0.value, in: $0.unit) },
                    line: try tree.inherited(Attribute.declarationLine, of: entry)?.value.unsigned ?? 0))
        }
        return found
    }
}
