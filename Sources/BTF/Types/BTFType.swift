// SPDX-License-Identifier: Apache-2.0

/// A decoded type.
///
/// ```swift
/// if case .structure(let composite) = try table.type(id) {
///     for member in composite.members { print(member.name, member.bitOffset / 8) }
/// }
/// ```
///
/// Follows `Documentation/bpf/btf.rst`.
public enum BTFType: Hashable, Sendable {
    /// `void`, id 0.
    case void
    /// An integer, character or boolean.
    case integer(BTFInteger)
    /// A pointer to a type.
    case pointer(BTFTypeID)
    /// An array.
    case array(BTFArray)
    /// A structure.
    case structure(BTFComposite)
    /// A union.
    case union(BTFComposite)
    /// An enumeration, of 32-bit or 64-bit values.
    case enumeration(BTFEnumeration)
    /// A structure or union that is only declared.
    case forward(BTFForward)
    /// Another name for a type.
    case typedef(BTFNamedReference)
    /// A type qualified `volatile`.
    case volatile(BTFTypeID)
    /// A type qualified `const`.
    case const(BTFTypeID)
    /// A type qualified `restrict`.
    case restrict(BTFTypeID)
    /// A function with a name.
    case function(BTFFunction)
    /// The parameters and the result of a function.
    case functionPrototype(BTFFunctionPrototype)
    /// A variable.
    case variable(BTFVariable)
    /// A section with variables.
    case dataSection(BTFDataSection)
    /// A floating-point number.
    case float(BTFFloat)
    /// A tag on a declaration.
    case declarationTag(BTFDeclarationTag)
    /// A tag on a type.
    case typeTag(BTFTypeTag)

    /// The kind, or `nil` for `void`.
    public var kind: BTFKind? {
        switch self {
        case .void: nil
        case .integer: .integer
        case .pointer: .pointer
        case .array: .array
        case .structure: .structure
        case .union: .union
        case .enumeration(let enumeration): enumeration.is64 ? .enumeration64 : .enumeration
        case .forward: .forward
        case .typedef: .typedef
        case .volatile: .volatile
        case .const: .const
        case .restrict: .restrict
        case .function: .function
        case .functionPrototype: .functionPrototype
        case .variable: .variable
        case .dataSection: .dataSection
        case .float: .float
        case .declarationTag: .declarationTag
        case .typeTag: .typeTag
        }
    }

    /// The name; empty for anonymous types and for kinds without names.
    public var name: String {
        switch self {
        case .integer(let value): value.name
        case .structure(let value), .union(let value): value.name
        case .enumeration(let value): value.name
        case .forward(let value): value.name
        case .typedef(let value): value.name
        case .function(let value): value.name
        case .variable(let value): value.name
        case .dataSection(let value): value.name
        case .float(let value): value.name
        case .declarationTag(let value): value.name
        case .typeTag(let value): value.name
        case .void, .pointer, .array, .volatile, .const, .restrict, .functionPrototype: ""
        }
    }

    /// The structure or union, if it is one.
    public var composite: BTFComposite? {
        switch self {
        case .structure(let composite), .union(let composite): composite
        default: nil
        }
    }

    /// The type that a typedef, qualifier or type tag stands for, if this is one.
    public var transparentTarget: BTFTypeID? {
        switch self {
        case .typedef(let reference): reference.type
        case .volatile(let type), .const(let type), .restrict(let type): type
        case .typeTag(let tag): tag.type
        default: nil
        }
    }
}
