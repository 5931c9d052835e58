// SPDX-License-Identifier: Apache-2.0

import BTF

extension COREMatcher {
    /// Whether two kinds count as one: equal, or both enumerations.
    static func kindsAgree(_ left: BTFType, _ right: BTFType) -> Bool {
        switch (left.kind, right.kind) {
        case (nil, nil): true
        case (let left?, let right?): left == right || (left.isEnumeration && right.isEnumeration)
        default: false
        }
    }

    /// Whether a field of one type can be read in place of a field of the other.
    mutating func fieldsAreCompatible(
        _ localID: BTFTypeID, _ targetID: BTFTypeID
    ) throws(CORERelocationError) -> Bool {
        var (localID, targetID) = (localID, targetID)
        for _ in 0..<COREMatcher.maximumLevel {
            try spend()
            let (local, target) = (try local.resolved(localID).type, try target.resolved(targetID).type)
            if local.composite != nil, target.composite != nil { return true }
            guard COREMatcher.kindsAgree(local, target) else { return false }
            switch (local, target) {
            case (.pointer, .pointer), (.float, .float): return true
            case (.forward, .forward), (.enumeration, .enumeration):
                let (left, right) = (EssentialName.of(local.name), EssentialName.of(target.name))
                return left.isEmpty || right.isEmpty || left == right
            case (.integer(let left), .integer(let right)): return left.bitOffset == 0 && right.bitOffset == 0
            case (.array(let left), .array(let right)): (localID, targetID) = (left.element, right.element)
            default: return false
            }
        }
        throw .malformed("array types are nested too deeply")
    }

    /// Whether two types are of one sort, names of parts left aside: what "type exists" asks.
    mutating func typesAreCompatible(
        _ localID: BTFTypeID, _ targetID: BTFTypeID, level: Int
    ) throws(CORERelocationError) -> Bool {
        guard COREMatcher.kindsAgree(try local.type(localID), try target.type(targetID)) else { return false }
        var (localID, targetID) = (localID, targetID)
        for _ in 0..<COREMatcher.maximumLevel {
            try spend()
            let (local, target) = (try local.resolved(localID).type, try target.resolved(targetID).type)
            guard COREMatcher.kindsAgree(local, target) else { return false }
            switch (local, target) {
            case (.void, .void), (.structure, _), (.union, _), (.enumeration, _), (.forward, _): return true
            case (.integer(let left), .integer(let right)): return left.bitOffset == 0 && right.bitOffset == 0
            case (.pointer(let left), .pointer(let right)): (localID, targetID) = (left, right)
            case (.array(let left), .array(let right)): (localID, targetID) = (left.element, right.element)
            case (.functionPrototype(let left), .functionPrototype(let right)):
                guard left.parameters.count == right.parameters.count else { return false }
                for (first, second) in zip(left.parameters, right.parameters) {
                    guard level > 0 else { throw .malformed("function types are nested too deeply") }
                    let (first, second) = (
                        try self.local.resolved(first.type).id, try self.target.resolved(second.type).id
                    )
                    guard try typesAreCompatible(first, second, level: level - 1) else { return false }
                }
                (localID, targetID) = (left.result, right.result)
            default: return false
            }
        }
        throw .malformed("types are nested too deeply")
    }
}
