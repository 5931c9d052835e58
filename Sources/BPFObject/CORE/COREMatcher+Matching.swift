// SPDX-License-Identifier: Apache-2.0

import BTF

extension COREMatcher {
    /// Whether the target's definition has everything the local one has: what "type matches" asks.
    ///
    /// Structures behind pointers are compared by name and kind only; there a forward declaration will do.
    mutating func typesMatch(
        _ localID: BTFTypeID, _ targetID: BTFTypeID, behindPointer: Bool, level: Int
    ) throws(CORERelocationError) -> Bool {
        guard level > 0 else { throw .malformed("types are nested too deeply") }
        var (localID, targetID, behindPointer) = (localID, targetID, behindPointer)
        for _ in 0..<COREMatcher.maximumLevel {
            let (local, target) = (try local.resolved(localID).type, try target.resolved(targetID).type)
            try spend(comparing: local.name, target.name)
            guard COREMatcher.namesMatch(local.name, target.name) else { return false }
            switch (local, target) {
            case (.void, .void): return true
            case (.forward(let left), .forward(let right)): return left.isUnion == right.isUnion
            case (.forward(let left), .structure): return behindPointer && !left.isUnion
            case (.forward(let left), .union): return behindPointer && left.isUnion
            case (.structure, .forward(let right)): return behindPointer && !right.isUnion
            case (.union, .forward(let right)): return behindPointer && right.isUnion
            case (.enumeration(let left), .enumeration(let right)): return try enumerationsMatch(left, right)
            case (.structure(let left), .structure(let right)), (.union(let left), .union(let right)):
                if behindPointer { return true }
                return try membersMatch(left, right, level: level)
            case (.integer(let left), .integer(let right)):
                return left.size == right.size
                    && left.encoding.contains(.signed) == right.encoding.contains(.signed)
            case (.pointer(let left), .pointer(let right)):
                behindPointer = true
                (localID, targetID) = (left, right)
            case (.array(let left), .array(let right)):
                guard left.count == right.count else { return false }
                (localID, targetID) = (left.element, right.element)
            case (.functionPrototype(let left), .functionPrototype(let right)):
                guard left.parameters.count == right.parameters.count else { return false }
                for (first, second) in zip(left.parameters, right.parameters) {
                    guard
                        try typesMatch(first.type, second.type, behindPointer: behindPointer, level: level - 1)
                    else { return false }
                }
                (localID, targetID) = (left.result, right.result)
            default: return false
            }
        }
        throw .malformed("types are nested too deeply")
    }

    private mutating func membersMatch(
        _ local: BTFComposite, _ target: BTFComposite, level: Int
    ) throws(CORERelocationError) -> Bool {
        guard local.members.count <= target.members.count else { return false }
        for member in local.members {
            var matched = false
            for other in target.members {
                try spend(comparing: member.name, other.name)
                guard COREMatcher.namesMatch(member.name, other.name) else { continue }
                matched = try typesMatch(member.type, other.type, behindPointer: false, level: level - 1)
                if matched { break }
            }
            guard matched else { return false }
        }
        return true
    }

    private mutating func enumerationsMatch(
        _ local: BTFEnumeration, _ target: BTFEnumeration
    ) throws(CORERelocationError) -> Bool {
        guard local.size == target.size, local.values.count <= target.values.count else { return false }
        for value in local.values { try spend(comparing: value.name, "") }
        for value in target.values { try spend(comparing: value.name, "") }
        let names = Set(target.values.map { EssentialName.of($0.name) })
        return local.values.allSatisfy { names.contains(EssentialName.of($0.name)) }
    }

    /// Whether names are equal without their flavours; an anonymous type matches anonymous types only.
    private static func namesMatch(_ local: String, _ target: String) -> Bool {
        if local == target { return true }
        return EssentialName.of(local) == EssentialName.of(target)
    }
}
