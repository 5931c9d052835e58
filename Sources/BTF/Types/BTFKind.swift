// SPDX-License-Identifier: Apache-2.0

/// The kinds of type, numbered as in the kernel's `include/uapi/linux/btf.h` (``BTF_KIND_INT`` and so on).
public enum BTFKind: UInt8, Sendable, Hashable, CaseIterable {
    /// ``BTF_KIND_INT``: an integer, character or boolean.
    case integer = 1
    /// ``BTF_KIND_PTR``
    case pointer
    /// ``BTF_KIND_ARRAY``
    case array
    /// ``BTF_KIND_STRUCT``
    case structure
    /// ``BTF_KIND_UNION``
    case union
    /// ``BTF_KIND_ENUM``: an enumeration with 32-bit values.
    case enumeration
    /// ``BTF_KIND_FWD``: a structure or union that is only declared.
    case forward
    /// ``BTF_KIND_TYPEDEF``
    case typedef
    /// ``BTF_KIND_VOLATILE``
    case volatile
    /// ``BTF_KIND_CONST``
    case const
    /// ``BTF_KIND_RESTRICT``
    case restrict
    /// ``BTF_KIND_FUNC``: a function with a name.
    case function
    /// ``BTF_KIND_FUNC_PROTO``: parameters and result.
    case functionPrototype
    /// ``BTF_KIND_VAR``
    case variable
    /// ``BTF_KIND_DATASEC``: a section with variables.
    case dataSection
    /// ``BTF_KIND_FLOAT``, Linux 5.13.
    case float
    /// ``BTF_KIND_DECL_TAG``, Linux 5.16.
    case declarationTag
    /// ``BTF_KIND_TYPE_TAG``, Linux 5.17.
    case typeTag
    /// ``BTF_KIND_ENUM64``: an enumeration with 64-bit values, Linux 6.0.
    case enumeration64

    /// The kernel's name of the kind, without `BTF_KIND_`: `STRUCT`, `FUNC_PROTO`.
    public var kernelName: String {
        switch self {
        case .integer: "INT"
        case .pointer: "PTR"
        case .array: "ARRAY"
        case .structure: "STRUCT"
        case .union: "UNION"
        case .enumeration: "ENUM"
        case .forward: "FWD"
        case .typedef: "TYPEDEF"
        case .volatile: "VOLATILE"
        case .const: "CONST"
        case .restrict: "RESTRICT"
        case .function: "FUNC"
        case .functionPrototype: "FUNC_PROTO"
        case .variable: "VAR"
        case .dataSection: "DATASEC"
        case .float: "FLOAT"
        case .declarationTag: "DECL_TAG"
        case .typeTag: "TYPE_TAG"
        case .enumeration64: "ENUM64"
        }
    }

    /// Whether types of this kind only qualify or rename another: typedef, const, volatile, restrict, type tag.
    @inlinable
    public var isTransparent: Bool {
        switch self {
        case .typedef, .volatile, .const, .restrict, .typeTag: true
        default: false
        }
    }

    /// Whether it is a structure or a union.
    @inlinable
    public var isComposite: Bool { self == .structure || self == .union }

    /// Whether it is an enumeration with 32-bit or 64-bit values.
    @inlinable
    public var isEnumeration: Bool { self == .enumeration || self == .enumeration64 }

    /// Bytes that follow the 12 bytes every type has, and bytes for each of the `vlen` elements.
    var recordSizes: (fixed: UInt16, element: UInt16) {
        switch self {
        case .integer, .variable, .declarationTag: (4, 0)
        case .array: (12, 0)
        case .structure, .union, .dataSection, .enumeration64: (0, 12)
        case .enumeration, .functionPrototype: (0, 8)
        case .pointer, .forward, .typedef, .volatile, .const, .restrict, .function, .float, .typeTag: (0, 0)
        }
    }
}
