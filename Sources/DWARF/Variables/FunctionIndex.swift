// SPDX-License-Identifier: Apache-2.0

/// Which functions have code at an address, and how much may still be looked at to answer questions about them.
struct FunctionIndex: Sendable {
    private struct Piece {
        let range: DWARFRange
        let entry: Int
        /// The highest end of all pieces of the section up to this one, where the search backwards may stop.
        let highestEnd: UInt64
    }

    private var pieces: [Piece] = []
    /// Scopes, variables and pieces that are left. Entries can be nested so that each question looks at all of them,
    /// and an object may have a question for each of its instructions.
    private var work: Int

    init(_ tree: EntryTree) throws(DWARFError) {
        work = 1 << 21 + 16 * tree.entries.count
        var found: [(range: DWARFRange, entry: Int)] = []
        for entry in tree.entries.indices where tree.tag(of: entry) == Tag.subprogram {
            let ranges = try tree.ranges(of: entry)
            try spend(ranges.count)
            for range in ranges where range.start < range.end { found.append((range, entry)) }
        }
        found.sort { Self.place($0.range) < Self.place($1.range) }
        pieces.reserveCapacity(found.count)
        for (range, entry) in found {
            var highest = range.end
            if let last = pieces.last, last.range.section == range.section { highest = max(highest, last.highestEnd) }
            pieces.append(Piece(range: range, entry: entry, highestEnd: highest))
        }
    }

    private static func place(_ range: DWARFRange) -> (Int, UInt64) { (range.section ?? -1, range.start) }

    /// Takes from what may be looked at.
    ///
    /// - Throws: ``DWARFError/Code/tooLarge`` when nothing is left.
    mutating func spend(_ amount: Int) throws(DWARFError) {
        work -= amount
        guard work >= 0 else {
            throw DWARFError(
                .tooLarge, "the scopes of the functions are nested too deeply to look for variables",
                section: ".debug_info")
        }
    }

    /// The functions that have code at an address, in the order of the file: one, save in odd files.
    mutating func functions(at address: DWARFAddress) throws(DWARFError) -> [Int] {
        let wanted = (address.section ?? -1, address.value)
        var low = 0
        var high = pieces.count
        while low < high {
            let middle = (low + high) / 2
            if Self.place(pieces[middle].range) <= wanted { low = middle + 1 } else { high = middle }
        }
        var found: Set<Int> = []
        while low > 0 {
            low -= 1
            let piece = pieces[low]
            try spend(1)
            guard piece.range.section == address.section, piece.highestEnd > address.value else { break }
            if piece.range.contains(address) { found.insert(piece.entry) }
        }
        return found.sorted()
    }
}
