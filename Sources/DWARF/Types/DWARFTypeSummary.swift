// SPDX-License-Identifier: Apache-2.0

/// What a variable holds, as far as one must know to tell what kind of event it is.
public struct DWARFTypeSummary: Sendable, Hashable {
    /// What kind of type it is, behind typedefs and qualifiers.
    public enum Shape: Sendable, Hashable {
        /// A pointer to a structure or union.
        case pointerToComposite
        /// Another pointer.
        case pointer
        /// A structure or union.
        case composite
        /// An array.
        case array
        /// A number, an enumeration or a truth value.
        case scalar
        /// Anything else.
        case other
    }

    /// The kind of type.
    public let shape: Shape
    /// The type itself, or what it points to, behind typedefs and qualifiers; declarations are completed where the file
    /// has the whole type.
    public let target: DWARFTypeID
    /// The name of ``target``'s structure, or of the typedef that names it when it has no tag; empty when there is none.
    public let name: String
    /// The size of ``target`` in bytes.
    public let size: UInt64
}

extension DWARFInformation {
    /// Says whether a type is a structure, a pointer to one, an array or a number, and names the structure.
    ///
    /// - Throws: ``DWARFError`` when the type is malformed.
    public func summary(of id: DWARFTypeID) throws(DWARFError) -> DWARFTypeSummary {
        let resolved = try resolve(id)
        switch try type(resolved) {
        case .pointer(let target):
            let whole = try definition(of: target)
            switch try type(whole) {
            case .structure, .union: return try summary(.pointerToComposite, whole, namedAs: target)
            default: return try summary(.pointer, whole, namedAs: target)
            }
        case .structure, .union: return try summary(.composite, try definition(of: resolved), namedAs: id)
        case .array: return try summary(.array, resolved, namedAs: id)
        case .base, .enumeration: return try summary(.scalar, resolved, namedAs: id)
        default: return try summary(.other, resolved, namedAs: id)
        }
    }

    private func summary(
        _ shape: DWARFTypeSummary.Shape, _ target: DWARFTypeID, namedAs id: DWARFTypeID
    ) throws(DWARFError) -> DWARFTypeSummary {
        var name = try name(of: target)
        var current = id
        // The innermost typedef names a structure without tag: typedef struct { … } event.
        for _ in 0..<64 where name.isEmpty {
            switch try type(current) {
            case .typedef(let alias, let next):
                if try resolve(next) == target { name = alias }
                current = next
            case .const(let next), .volatile(let next), .restrict(let next), .atomic(let next): current = next
            default: return DWARFTypeSummary(shape: shape, target: target, name: name, size: try size(of: target))
            }
        }
        return DWARFTypeSummary(shape: shape, target: target, name: name, size: try size(of: target))
    }
}
