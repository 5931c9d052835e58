// SPDX-License-Identifier: Apache-2.0

import BTF

/// Decides whether two descriptions of one variable or function can mean the same.
///
/// Equal types have one id already; what is left are differences that C allows between a declaration and a definition:
/// qualifiers, arrays without a size, names of parameters, and structures that are only declared. What a pointer leads to
/// is told by its name, as one file may know more of a kernel structure than another.
struct DeclarationComparer {
    private let table: BTFTable
    private var work = 0
    private static let maximumDepth = 32
    private static let maximumWork = 1 << 16

    init(_ table: BTFTable) { self.table = table }

    mutating func agree(_ left: BTFTypeID, _ right: BTFTypeID) throws(BTFError) -> Bool {
        try agree(left, right, depth: Self.maximumDepth, isExact: true)
    }

    private mutating func agree(
        _ left: BTFTypeID, _ right: BTFTypeID, depth: Int, isExact: Bool
    ) throws(BTFError) -> Bool {
        let (left, right) = (try table.resolve(left), try table.resolve(right))
        if left == right { return true }
        work += 1
        guard depth > 0, work < Self.maximumWork else {
            throw BTFError(.tooDeep, "the types are too entangled to compare")
        }
        switch (try table.type(left), try table.type(right)) {
        case (.integer(let first), .integer(let second)):
            return first.size == second.size && first.encoding == second.encoding
        case (.float(let first), .float(let second)): return first.size == second.size
        case (.forward(let forward), .structure(let full)), (.structure(let full), .forward(let forward)):
            return !forward.isUnion && forward.name == full.name
        case (.forward(let forward), .union(let full)), (.union(let full), .forward(let forward)):
            return forward.isUnion && forward.name == full.name
        case (.forward(let first), .forward(let second)): return first == second
        case (.enumeration(let first), .enumeration(let second)):
            return first.name == second.name
                && (!isExact || first.values.isEmpty || second.values.isEmpty || first == second)
        case (.pointer(let first), .pointer(let second)):
            return try agree(first, second, depth: depth - 1, isExact: false)
        case (.array(let first), .array(let second)):
            guard first.count == second.count || first.count == 0 || second.count == 0 else { return false }
            return try agree(first.element, second.element, depth: depth - 1, isExact: isExact)
        case (.structure(let first), .structure(let second)), (.union(let first), .union(let second)):
            if !isExact, !first.name.isEmpty { return first.name == second.name }
            return try membersAgree(first, second, depth: depth - 1)
        case (.functionPrototype(let first), .functionPrototype(let second)):
            guard first.parameters.count == second.parameters.count,
                try agree(first.result, second.result, depth: depth - 1, isExact: isExact)
            else { return false }
            for (one, other) in zip(first.parameters, second.parameters) {
                guard try agree(one.type, other.type, depth: depth - 1, isExact: isExact) else { return false }
            }
            return true
        default: return false
        }
    }

    /// Whether two structures have the same members; the definition of a map may list its attributes in any order.
    private mutating func membersAgree(
        _ left: BTFComposite, _ right: BTFComposite, depth: Int
    ) throws(BTFError) -> Bool {
        guard left.name == right.name, left.size == right.size, left.members.count == right.members.count else {
            return false
        }
        var others: [String: BTFMember] = [:]
        for member in right.members { others[member.name] = member }
        for (index, member) in left.members.enumerated() {
            // Members of named structures have fixed places.
            let other = left.name.isEmpty && !member.name.isEmpty ? others[member.name] : right.members[index]
            guard let other, other.name == member.name else { return false }
            if !left.name.isEmpty {
                guard other.bitOffset == member.bitOffset, other.bitfieldSize == member.bitfieldSize else {
                    return false
                }
            }
            guard try agree(member.type, other.type, depth: depth, isExact: true) else { return false }
        }
        return true
    }
}
