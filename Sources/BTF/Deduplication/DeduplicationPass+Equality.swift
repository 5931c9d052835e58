// SPDX-License-Identifier: Apache-2.0

/// Hashes and comparisons of single types, without what they reach.
extension DeduplicationPass {
    @inline(__always)
    private static func mix(_ hash: UInt32, _ word: UInt32) -> UInt32 {
        let product = (hash ^ word) &* 0x9e37_79b1
        return product ^ product >> 15
    }

    private func hash(_ range: Range<Int>) -> UInt32 {
        var hash: UInt32 = 0
        for position in range { hash = Self.mix(hash, graph.words[position]) }
        return hash
    }

    /// The hash under which equal types are found; `nil` for kinds that are never joined.
    func hash(_ id: UInt32) -> UInt32? {
        let record = graph.record(id)
        switch graph.kind(id) {
        case nil, .variable, .dataSection: return nil
        case .enumeration, .enumeration64:
            // A declared enumeration has no values, so that only the name can be compared, where there is one.
            let name = graph.name(id)
            return name == 0 ? hash(record) : Self.mix(19, name)
        case .structure, .union:
            // The types of members may be of the same shape without having the same id yet.
            var hash = hash(record.lowerBound..<record.lowerBound + 3)
            var position = record.lowerBound + 3
            while position < record.upperBound {
                hash = Self.mix(Self.mix(hash, graph.words[position]), graph.words[position + 2])
                position += 3
            }
            return hash
        default: return hash(record)
        }
    }

    /// Whether all words of two records are equal.
    mutating func isEqual(_ left: UInt32, _ right: UInt32) throws(BTFError) -> Bool {
        let (first, second) = (graph.record(left), graph.record(right))
        guard first.count == second.count else { return false }
        try spend(first.count)
        for offset in 0..<first.count
        where graph.words[first.lowerBound + offset] != graph.words[second.lowerBound + offset] { return false }
        return true
    }

    /// Whether name, kind, number of parts, and size or reference agree.
    func headersAgree(_ left: UInt32, _ right: UInt32) -> Bool {
        graph.name(left) == graph.name(right) && graph.information(left) == graph.information(right)
            && graph.last(left) == graph.last(right)
    }

    func isForwardEnumeration(_ id: UInt32) -> Bool {
        (graph.kind(id)?.isEnumeration ?? false) && graph.partCount(id) == 0
    }

    /// Whether two enumerations are equal, or one is only declared and has the other's name.
    mutating func isCompatibleEnumeration(_ left: UInt32, _ right: UInt32) throws(BTFError) -> Bool {
        guard graph.kind(left)?.isEnumeration ?? false, graph.kind(right)?.isEnumeration ?? false else { return false }
        guard isForwardEnumeration(left) || isForwardEnumeration(right) else {
            return try isEqual(left, right)
        }
        return graph.name(left) == graph.name(right)
    }

    /// Whether two structures or unions have the same names, sizes and offsets; the types of members are not compared.
    mutating func shapesAgree(_ left: UInt32, _ right: UInt32) throws(BTFError) -> Bool {
        guard headersAgree(left, right) else { return false }
        try spend(graph.partCount(left))
        let (first, second) = (graph.start(left) + 3, graph.start(right) + 3)
        for index in 0..<graph.partCount(left) {
            let offset = index * 3
            guard graph.words[first + offset] == graph.words[second + offset],
                graph.words[first + offset + 2] == graph.words[second + offset + 2]
            else { return false }
        }
        return true
    }

    /// Whether two function types have as many parameters with the same names.
    mutating func prototypesAgree(_ left: UInt32, _ right: UInt32) throws(BTFError) -> Bool {
        guard graph.information(left) == graph.information(right) else { return false }
        try spend(graph.partCount(left))
        for index in 0..<graph.partCount(left)
        where graph.words[graph.start(left) + 3 + index * 2] != graph.words[graph.start(right) + 3 + index * 2] {
            return false
        }
        return true
    }
}
