// SPDX-License-Identifier: Apache-2.0

import Bytes
import Diagnostics

/// The state of one deduplication: which type stands for which.
///
/// Follows the passes of libbpf's `btf__dedup`: primitive types, then structures by comparing what they reach, then forward
/// declarations, then types that refer to others, from the bottom up.
struct DeduplicationPass {
    static let unknown = UInt32.max
    static let inProgress = UInt32.max - 1

    var graph: TypeGraph
    /// The type that stands for each type, possibly through others; ``unknown`` where that is not decided.
    var representative: [UInt32]
    /// Chains of representatives with equal hashes.
    var heads: [UInt32]
    var next: [UInt32]
    var hashes: [UInt32]
    /// While two structures are compared: which candidate each known type would have, and the types that have one.
    var assumed: [UInt32]
    var assumptions: [UInt32] = []
    var pending: [(candidate: UInt32, known: UInt32)] = []
    /// Steps that are left: hostile types can describe comparisons that never end.
    var work: Int

    init(_ graph: TypeGraph) {
        self.graph = graph
        let count = graph.count
        representative = [UInt32](repeating: Self.unknown, count: count)
        next = [UInt32](repeating: Self.unknown, count: count)
        hashes = [UInt32](repeating: 0, count: count)
        assumed = [UInt32](repeating: Self.unknown, count: count)
        var size = 1 << 8
        while size < count { size *= 2 }
        heads = [UInt32](repeating: Self.unknown, count: size)
        work = 1 << 22 + graph.words.count * 512
        representative[0] = 0
        for id in 1..<UInt32(truncatingIfNeeded: max(1, graph.firstID)) {
            representative[Int(id)] = id
            if let hash = hash(id) { insert(id, hash) }
        }
        for id in own where graph.kind(id) == .variable || graph.kind(id) == .dataSection {
            representative[Int(id)] = id
        }
    }

    /// The ids that are not the base's.
    var own: Range<UInt32> {
        UInt32(truncatingIfNeeded: graph.firstID)..<UInt32(truncatingIfNeeded: graph.count)
    }

    mutating func spend(_ steps: Int = 1) throws(BTFError) {
        work -= steps
        guard work > 0 else {
            throw BTFError(.tooDeep, "the types are too entangled to compare", hint: "no compiler writes such types")
        }
    }

    @inline(__always)
    func isDecided(_ id: UInt32) -> Bool { representative[Int(id)] < Self.inProgress }

    /// The type that stands for a type, as far as that is decided.
    @inline(__always)
    func resolve(_ id: UInt32) -> UInt32 {
        var id = id
        while isDecided(id), representative[Int(id)] != id { id = representative[Int(id)] }
        return id
    }

    // MARK: The table of representatives

    mutating func insert(_ id: UInt32, _ hash: UInt32) {
        let slot = Int(hash) & (heads.count - 1)
        hashes[Int(id)] = hash
        next[Int(id)] = heads[slot]
        heads[slot] = id
    }

    @inline(__always)
    mutating func firstCandidate(_ hash: UInt32) throws(BTFError) -> UInt32? {
        try candidate(from: heads[Int(hash) & (heads.count - 1)], hash)
    }

    @inline(__always)
    mutating func candidate(after id: UInt32, _ hash: UInt32) throws(BTFError) -> UInt32? {
        try candidate(from: next[Int(id)], hash)
    }

    @inline(__always)
    private mutating func candidate(from id: UInt32, _ hash: UInt32) throws(BTFError) -> UInt32? {
        var id = id
        while id != Self.unknown {
            // Names can be made so that all types lie in one slot.
            try spend()
            if hashes[Int(id)] == hash { return id }
            id = next[Int(id)]
        }
        return nil
    }

    // MARK: Primitive types

    /// Joins integers, enumerations, floats and forward declarations that are equal.
    mutating func joinPrimitives() throws(BTFError) {
        for id in own {
            let isEnumeration: Bool
            switch graph.kind(id) {
            case .integer, .float, .forward: isEnumeration = false
            case .enumeration, .enumeration64: isEnumeration = true
            default: continue
            }
            guard let hash = hash(id) else { continue }
            var found = id
            var candidate = try firstCandidate(hash)
            while let other = candidate {
                if try isEqual(id, other) {
                    found = other
                    break
                }
                if isEnumeration, try isCompatibleEnumeration(id, other) {
                    if isForwardEnumeration(id) {
                        found = other
                        break
                    }
                    // The one that was known is only declared: the full one stands for it, unless it is the base's.
                    if Int(other) >= graph.firstID { representative[Int(other)] = id }
                }
                candidate = try self.candidate(after: other, hash)
            }
            representative[Int(id)] = found
            if found == id { insert(id, hash) }
        }
    }

    // MARK: Forward declarations

    /// Lets the only structure or union of a name stand for its forward declarations.
    mutating func resolveForwards() {
        var unique: [UInt32: UInt32] = [:]
        for id in own where graph.kind(id)?.isComposite ?? false {
            guard representative[Int(id)] == id, graph.name(id) != 0 else { continue }
            unique[graph.name(id)] = unique[graph.name(id)] == nil ? id : 0
        }
        for id in own where graph.kind(id) == .forward && representative[Int(id)] == id {
            guard let full = unique[graph.name(id)], full != 0,
                graph.kind(full) == (graph.flag(id) ? .union : .structure)
            else { continue }
            representative[Int(id)] = full
        }
    }

    // MARK: References

    /// Joins types that refer to others, each after those that it refers to.
    mutating func joinReferences() throws(BTFError) {
        var stack: [(id: UInt32, reference: Int)] = []
        for root in own where !isDecided(root) {
            representative[Int(root)] = Self.inProgress
            stack.append((root, 0))
            descent: while let top = stack.last {
                let count = graph.referenceCount(top.id)
                for index in top.reference..<max(count, top.reference) {
                    let position = graph.referencePosition(top.id, index)
                    let target = graph.words[position]
                    guard representative[Int(target)] != Self.inProgress else {
                        throw BTFError(
                            .tooDeep, "types refer to each other in a cycle without a structure in it",
                            context: [.init("type", number(top.id)), .init("refers to", number(target))])
                    }
                    if representative[Int(target)] == Self.unknown {
                        representative[Int(target)] = Self.inProgress
                        stack[stack.count - 1].reference = index
                        stack.append((target, 0))
                        continue descent
                    }
                    graph.set(position, to: resolve(target))
                }
                stack.removeLast()
                try join(top.id)
            }
        }
    }

    private mutating func join(_ id: UInt32) throws(BTFError) {
        guard let hash = hash(id) else {
            representative[Int(id)] = id
            return
        }
        var candidate = try firstCandidate(hash)
        while let other = candidate {
            if try isEqual(id, other) {
                representative[Int(id)] = other
                return
            }
            candidate = try self.candidate(after: other, hash)
        }
        representative[Int(id)] = id
        insert(id, hash)
    }

    // MARK: The result

    /// Types for messages are numbered as in the input: the first that was added is 1 without a base.
    private func number(_ id: UInt32) -> Int { Int(id) }

    /// Writes what stands for itself, renumbered, in the order of the input.
    mutating func compact() throws(BTFError) -> BTFDeduplication {
        var numbers = [UInt32](repeating: 0, count: graph.count)
        for id in 0..<UInt32(truncatingIfNeeded: graph.firstID) { numbers[Int(id)] = id }
        var nextNumber = UInt32(truncatingIfNeeded: graph.firstID)
        for id in own where representative[Int(id)] == id {
            numbers[Int(id)] = nextNumber
            nextNumber += 1
        }
        var types: [UInt8] = []
        types.reserveCapacity(graph.words.count * 4)
        for id in own where representative[Int(id)] == id {
            for index in 0..<graph.referenceCount(id) {
                let position = graph.referencePosition(id, index)
                graph.set(position, to: numbers[Int(resolve(graph.words[position]))])
            }
            for position in graph.record(id) { types.append(graph.words[position], order: graph.order) }
        }
        let text = graph.strings.bytes[(graph.base?.stringLength ?? 0)...]
        guard types.count <= Int(Int32.max), text.count <= Int(Int32.max) else {
            throw BTFError(.tooLarge, "the types are larger than 2 GiB")
        }
        return BTFDeduplication(
            bytes: BTFHeader.section(types: types, strings: text, order: graph.order),
            identifiers: own.map { BTFTypeID(numbers[Int(resolve($0))]) })
    }
}
