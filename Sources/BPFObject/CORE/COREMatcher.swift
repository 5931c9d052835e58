// SPDX-License-Identifier: Apache-2.0

import BTF

/// Decides whether a type of the target has what a relocation asks for.
///
/// The rules are those of libbpf's `relo_core.c`, so that an object resolves the same way with either loader.
struct COREMatcher {
    /// Levels of nested parameters and members that are looked at.
    static let maximumLevel = 32
    /// Steps of all relocations of one object: hostile types can describe a search that would never end. The largest
    /// real objects take some million.
    static let maximumWork = 1 << 24

    let local: CORETypes
    let target: CORETypes
    /// The steps that are left, for the matchers of the same object that follow.
    private(set) var work: Int

    init(local: CORETypes, target: CORETypes, work: Int) {
        self.local = local
        self.target = target
        self.work = work
    }

    mutating func spend(_ steps: Int = 1) throws(CORERelocationError) {
        work -= steps
        guard work >= 0 else { throw .malformed("the types are too entangled to compare") }
    }

    /// Takes what comparing two names costs: those of hostile types can be as long as the table.
    mutating func spend(comparing left: String, _ right: String) throws(CORERelocationError) {
        try spend(1 + (left.utf8.count + right.utf8.count) / 64)
    }

    /// Finds in a candidate what the local specification names, or answers `nil` when it is not there.
    mutating func match(
        _ specification: CORESpecification, kind: CORERelocationKind, candidate: BTFTypeID
    ) throws(CORERelocationError) -> CORESpecification? {
        try spend()
        var found = CORESpecification(types: target, root: candidate)
        if kind == .typeMatches {
            let same = try typesMatch(
                specification.root, candidate, behindPointer: false, level: COREMatcher.maximumLevel)
            return same ? found : nil
        }
        if kind.isTypeBased {
            return try typesAreCompatible(specification.root, candidate, level: COREMatcher.maximumLevel) ? found : nil
        }
        if kind.isEnumeratorBased { return try matchEnumerator(specification, in: candidate) }
        return try matchField(specification, from: candidate, into: &found) ? found : nil
    }

    private mutating func matchEnumerator(
        _ specification: CORESpecification, in candidate: BTFTypeID
    ) throws(CORERelocationError) -> CORESpecification? {
        let (id, type) = try target.resolved(candidate)
        guard case .enumeration(let enumeration) = type, let name = specification.accessors.first?.name else {
            return nil
        }
        let essential = EssentialName.of(name)
        for (index, value) in enumeration.values.enumerated() {
            try spend(comparing: name, value.name)
            guard EssentialName.of(value.name) == essential else { continue }
            var found = CORESpecification(types: target, root: candidate)
            found.accessors.append(COREAccessor(type: id, index: index, name: value.name))
            return found
        }
        return nil
    }

    private mutating func matchField(
        _ specification: CORESpecification, from candidate: BTFTypeID, into found: inout CORESpecification
    ) throws(CORERelocationError) -> Bool {
        var current = candidate
        for (position, accessor) in specification.accessors.enumerated() {
            let (id, type) = try target.resolved(current)
            current = id
            if accessor.name != nil {
                guard let next = try matchMember(accessor, in: current, into: &found) else { return false }
                current = next
                continue
            }
            // The first index is that of the root itself, as if it were an array; any other leads into an array.
            if position > 0 {
                guard case .array(let array) = type,
                    try found.isFlexible(array) || accessor.index < Int(array.count)
                else { return false }
                current = try target.resolved(array.element).id
            }
            guard found.steps < CORESpecification.maximumSteps else {
                throw .malformed("structures of the target are nested too deeply")
            }
            found.accessors.append(COREAccessor(type: current, index: accessor.index, name: nil))
            found.steps += 1
            try found.add(elements: accessor.index, of: current)
        }
        return true
    }

    /// Looks for a member by name, through anonymous structures and unions, and answers its type.
    private mutating func matchMember(
        _ accessor: COREAccessor, in candidate: BTFTypeID, into found: inout CORESpecification
    ) throws(CORERelocationError) -> BTFTypeID? {
        let (id, type) = try target.resolved(candidate)
        guard let composite = type.composite,
            let localMembers = try local.type(accessor.type).composite?.members,
            localMembers.indices.contains(accessor.index)
        else { return nil }
        let localMember = localMembers[accessor.index]
        for (index, member) in composite.members.enumerated() {
            guard found.steps < CORESpecification.maximumSteps else {
                throw .malformed("structures of the target are nested too deeply")
            }
            try spend(comparing: member.name, localMember.name)
            let before = found
            if member.name.isEmpty {
                try found.add(bits: Int(member.bitOffset))
                found.steps += 1
                if let next = try matchMember(accessor, in: member.type, into: &found) { return next }
            } else if member.name == localMember.name {
                try found.add(bits: Int(member.bitOffset))
                found.steps += 1
                found.accessors.append(COREAccessor(type: id, index: index, name: member.name))
                return try fieldsAreCompatible(localMember.type, member.type) ? member.type : nil
            }
            found = before
        }
        return nil
    }
}
