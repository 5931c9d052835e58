// SPDX-License-Identifier: Apache-2.0

public import BTF

/// The name of a type as C writes it, without qualifiers.
public enum TypeName {
    /// The name of a type, such as `struct event` or `char[16]`.
    public static func describe(_ id: BTFTypeID, in types: BTFTable, depth: Int = 0) -> String {
        guard depth < 16, let type = try? types.type(id) else { return "?" }
        switch type {
        case .void: return "void"
        case .integer(let integer): return integer.name
        case .float(let float): return float.name
        case .typedef(let reference): return reference.name
        case .structure(let composite): return "struct " + (composite.name.isEmpty ? "{…}" : composite.name)
        case .union(let composite): return "union " + (composite.name.isEmpty ? "{…}" : composite.name)
        case .enumeration(let enumeration): return "enum " + (enumeration.name.isEmpty ? "{…}" : enumeration.name)
        case .forward(let forward): return (forward.isUnion ? "union " : "struct ") + forward.name
        case .pointer(let target): return describe(target, in: types, depth: depth + 1) + " *"
        case .array(let array): return describe(array.element, in: types, depth: depth + 1) + "[\(array.count)]"
        case .const(let target), .volatile(let target), .restrict(let target):
            return describe(target, in: types, depth: depth + 1)
        case .typeTag(let tag): return describe(tag.type, in: types, depth: depth + 1)
        default: return "?"
        }
    }
}
