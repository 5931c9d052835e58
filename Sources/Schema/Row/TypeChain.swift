// SPDX-License-Identifier: Apache-2.0

import BTF
import Bytes
import Diagnostics

/// A type behind its typedefs and qualifiers, with the names on the way.
struct TypeChain {
    /// The names from the outside in: typedefs, then the type's own.
    var names: [String] = []
    /// The type that the typedefs stand for.
    var type: BTFType = .void
    /// The type as C writes it.
    var declaration = "void"

    init(_ id: BTFTypeID, in table: BTFTable) throws(SchemaError) {
        var id = id
        do throws(BTFError) {
            // Chains in real programs are under ten long; a longer one is a cycle.
            for _ in 0..<64 {
                let next = try table.type(id)
                switch next {
                case .typedef(let reference):
                    names.append(reference.name)
                    id = reference.type
                case .const(let target), .volatile(let target), .restrict(let target): id = target
                case .typeTag(let tag): id = tag.type
                default:
                    type = next
                    let own = Self.name(of: next)
                    if !own.isEmpty { names.append(own) }
                    declaration =
                        names.first.map { $0 == own ? Self.keyword(of: next) + own : $0 }
                        ?? Self.anonymous(next)
                    return
                }
            }
        } catch {
            throw SchemaError(
                .invalidType, "a type cannot be read", context: [.init("type", id.rawValue)], cause: error)
        }
        throw SchemaError(.invalidType, "a chain of typedefs never ends", context: [.init("type", id.rawValue)])
    }

    var isUnion: Bool {
        if case .union = type { return true }
        return false
    }

    /// The bytes of `struct in_addr` or `struct in6_addr`.
    var addressSize: Int? {
        guard case .structure(let composite) = type else { return nil }
        switch (composite.name, composite.size) {
        case ("in_addr", 4): return 4
        case ("in6_addr", 16): return 16
        default: return nil
        }
    }

    /// The byte order that the type's name promises: `__be16` is big-endian wherever it is.
    var order: ByteOrder? {
        for name in names {
            if name.hasPrefix("__be") { return .big }
            if name.hasPrefix("__le") { return .little }
        }
        return nil
    }

    private static func name(of type: BTFType) -> String {
        switch type {
        case .integer(let type): type.name
        case .structure(let type), .union(let type): type.name
        case .enumeration(let type): type.name
        case .float(let type): type.name
        case .forward(let type): type.name
        default: ""
        }
    }

    private static func keyword(of type: BTFType) -> String {
        switch type {
        case .structure: "struct "
        case .union: "union "
        case .enumeration: "enum "
        default: ""
        }
    }

    private static func anonymous(_ type: BTFType) -> String {
        switch type {
        case .structure: "struct"
        case .union: "union"
        case .enumeration: "enum"
        case .pointer: "pointer"
        default: "void"
        }
    }
}
