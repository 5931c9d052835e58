// SPDX-License-Identifier: Apache-2.0

/// Structures and unions: two are one when the graphs that they reach have the same shape.
extension DeduplicationPass {
    mutating func joinComposites() throws(BTFError) {
        for id in own where graph.kind(id)?.isComposite ?? false {
            guard !isDecided(id), let hash = hash(id) else { continue }
            var found = id
            var candidate = try firstCandidate(hash)
            while let other = candidate {
                if try shapesAgree(id, other), try isEquivalent(id, to: other) {
                    // A base's declaration cannot be replaced, so a base type that reaches one is not what is meant.
                    if acceptAssumptions() {
                        found = other
                        break
                    }
                }
                candidate = try self.candidate(after: other, hash)
            }
            representative[Int(id)] = found
            if found == id { insert(id, hash) }
        }
    }

    /// Compares the graphs of two types. Every known type that is met is assumed to be one certain other type; meeting it
    /// as a third one means that the graphs differ, which is how cycles end.
    private mutating func isEquivalent(_ candidate: UInt32, to known: UInt32) throws(BTFError) -> Bool {
        for id in assumptions { assumed[Int(id)] = Self.unknown }
        assumptions.removeAll(keepingCapacity: true)
        // Recursion would need as much stack as the longest chain of types.
        pending.removeAll(keepingCapacity: true)
        pending.append((candidate, known))
        while let (candidate, known) = pending.popLast() {
            try spend()
            guard try compare(candidate, resolveForward(known), known) else { return false }
        }
        return true
    }

    /// The structure that a forward declaration was resolved to, or the type itself.
    private func resolveForward(_ id: UInt32) -> UInt32 {
        guard graph.kind(id) == .forward else { return id }
        let full = resolve(id)
        return graph.kind(full) == .forward ? id : full
    }

    /// Compares two types and adds the pairs that they refer to.
    private mutating func compare(_ candidate: UInt32, _ known: UInt32, _ original: UInt32) throws(BTFError) -> Bool {
        if resolve(candidate) == resolve(original) { return true }
        let assumption = assumed[Int(known)]
        if assumption != Self.unknown {
            if assumption == candidate { return true }
            // Some compilers describe one type twice within a file.
            return try isIdentical(assumption, candidate, depth: 16)
        }
        assumed[Int(known)] = candidate
        assumptions.append(known)
        guard graph.name(candidate) == graph.name(known) else { return false }
        let (kind, other) = (graph.kind(candidate), graph.kind(known))
        if kind != other, kind == .forward || other == .forward {
            let (forward, full) = kind == .forward ? (candidate, other) : (known, kind)
            return full == (graph.flag(forward) ? .union : .structure)
        }
        guard kind == other else { return false }
        switch kind {
        case .integer, .float, .forward: return try isEqual(candidate, known)
        case .enumeration, .enumeration64: return try isCompatibleEnumeration(candidate, known)
        case .const, .volatile, .restrict, .pointer, .typedef, .function, .typeTag:
            guard graph.information(candidate) == graph.information(known) else { return false }
        case .array:
            guard graph.words[graph.start(candidate) + 5] == graph.words[graph.start(known) + 5] else { return false }
        case .structure, .union:
            guard try shapesAgree(candidate, known) else { return false }
        case .functionPrototype:
            guard try prototypesAgree(candidate, known) else { return false }
        default: return false
        }
        let count = graph.referenceCount(candidate)
        try spend(count)
        for index in stride(from: count - 1, through: 0, by: -1) {
            let left = graph.words[graph.referencePosition(candidate, index)]
            let right = graph.words[graph.referencePosition(known, index)]
            if left != right { pending.append((left, right)) }
        }
        return true
    }

    /// Whether two types of the same table say the same, down to a certain depth.
    private mutating func isIdentical(_ left: UInt32, _ right: UInt32, depth: Int) throws(BTFError) -> Bool {
        if left == right { return true }
        guard depth > 0 else { return false }
        try spend()
        guard graph.kind(left) == graph.kind(right) else { return false }
        switch graph.kind(left) {
        case .integer, .float, .forward, .enumeration, .enumeration64: return try isEqual(left, right)
        case .const, .volatile, .restrict, .pointer, .typedef, .function, .typeTag:
            guard graph.name(left) == graph.name(right), graph.information(left) == graph.information(right) else {
                return false
            }
        case .array:
            guard graph.words[graph.start(left) + 5] == graph.words[graph.start(right) + 5] else { return false }
        case .structure, .union:
            guard try shapesAgree(left, right) else { return false }
        case .functionPrototype:
            guard try prototypesAgree(left, right) else { return false }
        default: return false
        }
        for index in 0..<graph.referenceCount(left) {
            let first = graph.words[graph.referencePosition(left, index)]
            let second = graph.words[graph.referencePosition(right, index)]
            guard try isIdentical(first, second, depth: depth - 1) else { return false }
        }
        return true
    }

    /// Keeps what two equivalent graphs taught: declarations get their definitions, and every pair of structures is one.
    ///
    /// - Returns: `false` when a declaration of the base would have to be replaced.
    private mutating func acceptAssumptions() -> Bool {
        var isReplaceable = true
        for known in assumptions {
            let (left, right) = (resolve(known), resolve(assumed[Int(known)]))
            guard graph.kind(left) == .forward, graph.kind(right) != .forward else { continue }
            if Int(left) < graph.firstID { isReplaceable = false }
        }
        for known in assumptions {
            let (left, right) = (resolve(known), resolve(assumed[Int(known)]))
            guard left != right else { continue }
            let (leftKind, rightKind) = (graph.kind(left), graph.kind(right))
            if leftKind == .forward, rightKind != .forward {
                if Int(left) >= graph.firstID { representative[Int(left)] = right }
            } else if rightKind == .forward, leftKind != .forward {
                if Int(right) >= graph.firstID { representative[Int(right)] = left }
            } else if isReplaceable, leftKind != .forward, rightKind?.isComposite ?? false, isDecided(left),
                !isDecided(right), Int(right) >= graph.firstID
            {
                representative[Int(right)] = left
            }
        }
        return isReplaceable
    }
}
