// SPDX-License-Identifier: Apache-2.0

/// What a CO-RE relocation asks about a type of the target: `enum bpf_core_relo_kind` of `include/uapi/linux/bpf.h`.
public enum CORERelocationKind: UInt32, Sendable, Hashable, CaseIterable {
    /// The offset of a field in bytes.
    case fieldByteOffset = 0
    /// The size of a field in bytes.
    case fieldByteSize
    /// Whether a field exists.
    case fieldExists
    /// Whether a field is signed.
    case fieldSigned
    /// How far to shift a bit field left, as 64 bits.
    case fieldLeftShift
    /// How far to shift a bit field right, as 64 bits.
    case fieldRightShift
    /// The id of a type in the object's own types.
    case typeIDLocal
    /// The id of a type in the target.
    case typeIDTarget
    /// Whether a type exists.
    case typeExists
    /// The size of a type in bytes.
    case typeSize
    /// Whether an enumerator exists.
    case enumeratorExists
    /// The value of an enumerator.
    case enumeratorValue
    /// Whether a type exists and its definition matches, Linux 6.0.
    case typeMatches

    /// The name that loaders print: `byte_off`, `type_exists`.
    public var name: String {
        switch self {
        case .fieldByteOffset: "byte_off"
        case .fieldByteSize: "byte_sz"
        case .fieldExists: "field_exists"
        case .fieldSigned: "signed"
        case .fieldLeftShift: "lshift_u64"
        case .fieldRightShift: "rshift_u64"
        case .typeIDLocal: "local_type_id"
        case .typeIDTarget: "target_type_id"
        case .typeExists: "type_exists"
        case .typeSize: "type_size"
        case .enumeratorExists: "enumval_exists"
        case .enumeratorValue: "enumval_value"
        case .typeMatches: "type_matches"
        }
    }

    /// Whether it is about a field of a structure.
    public var isFieldBased: Bool { rawValue <= CORERelocationKind.fieldRightShift.rawValue }

    /// Whether it is about an enumerator.
    public var isEnumeratorBased: Bool { self == .enumeratorExists || self == .enumeratorValue }

    /// Whether it is about a whole type.
    public var isTypeBased: Bool { !isFieldBased && !isEnumeratorBased }
}

/// One place in the code whose value depends on the target's types.
public struct CORERelocation: Sendable, Hashable {
    /// The instruction, as an offset in bytes from the start of its section.
    public var instructionOffset: UInt32
    /// The type in the object's own types.
    public var type: BTFTypeID
    /// The way from the type to the field, such as `0:1:2`; the index of an enumerator; `0` for a whole type.
    public var accessString: String
    /// What is asked.
    public var kind: CORERelocationKind

    /// Makes a relocation.
    public init(instructionOffset: UInt32, type: BTFTypeID, accessString: String, kind: CORERelocationKind) {
        self.instructionOffset = instructionOffset
        self.type = type
        self.accessString = accessString
        self.kind = kind
    }
}
