// SPDX-License-Identifier: Apache-2.0

/// An attribute's value as it is stored; what needs a unit's bases is not resolved yet.
enum AttributeValue {
    case address(DWARFAddress)
    case addressIndex(UInt64)
    /// A constant whose sign is not known from its form, with its size in bytes.
    case constant(UInt64, size: Int)
    case signed(Int64)
    case flag(Bool)
    /// Bytes in the section of entries.
    case block(Range<Int>)
    case sectionOffset(UInt64)
    case listIndex(UInt64)
    /// An offset in the section of entries.
    case reference(UInt64)
    case signature(UInt64)
    case string(StringLocation)
    /// A value that is skipped, such as one in a supplementary file.
    case unsupported

    enum StringLocation {
        case here(Int)
        case strings(UInt64)
        case lineStrings(UInt64)
        case index(UInt64)
    }

    /// The value as a number without sign.
    var unsigned: UInt64? {
        switch self {
        case .constant(let value, _): value
        case .signed(let value): UInt64(exactly: value)
        case .sectionOffset(let value): value
        default: nil
        }
    }
}

/// What the forms of a unit's values depend on.
struct UnitEncoding: Sendable, Hashable {
    let version: UInt16
    let addressSize: Int
    let offsetSize: Int
    /// Where the unit starts; references within it are relative to that.
    let start: Int
}

extension Cursor {
    /// Reads one value.
    mutating func value(
        form: UInt16, implicit: Int64 = 0, encoding: UnitEncoding
    ) throws(DWARFError) -> AttributeValue {
        switch form {
        case 0x01: return .address(try address(size: encoding.addressSize))
        case 0x03: return try block(size: UInt64(try read(UInt16.self)))
        case 0x04: return try block(size: UInt64(try read(UInt32.self)))
        case 0x05: return .constant(UInt64(try read(UInt16.self)), size: 2)
        case 0x06: return .constant(UInt64(try read(UInt32.self)), size: 4)
        case 0x07: return .constant(try read(UInt64.self), size: 8)
        case 0x08: return .string(.here(try skipString()))
        case 0x09, 0x18: return try block(size: try unsignedLEB())
        case 0x0a: return try block(size: UInt64(try read(UInt8.self)))
        case 0x0b: return .constant(UInt64(try read(UInt8.self)), size: 1)
        case 0x0c: return .flag(try read(UInt8.self) != 0)
        case 0x0d: return .signed(try signedLEB())
        case 0x0e: return .string(.strings(try unsigned(size: encoding.offsetSize)))
        case 0x0f: return .constant(try unsignedLEB(), size: 8)
        case 0x10: return .reference(try unsigned(size: encoding.offsetSize))
        case 0x11: return local(UInt64(try read(UInt8.self)), encoding)
        case 0x12: return local(UInt64(try read(UInt16.self)), encoding)
        case 0x13: return local(UInt64(try read(UInt32.self)), encoding)
        case 0x14: return local(try read(UInt64.self), encoding)
        case 0x15: return local(try unsignedLEB(), encoding)
        case Form.indirect:
            let actual = try unsignedLEB()
            // One level only: an indirect form that names itself could go on for ever.
            guard let form = UInt16(exactly: actual), form != Form.indirect, form != Form.implicitConstant else {
                throw error(.malformed, "an indirect form names form \(actual)")
            }
            return try value(form: form, encoding: encoding)
        case 0x17: return .sectionOffset(try unsigned(size: encoding.offsetSize))
        case 0x19: return .flag(true)
        case 0x1a: return .string(.index(try unsignedLEB()))
        case 0x1b: return .addressIndex(try unsignedLEB())
        case 0x1c:
            try skip(4)
            return .unsupported
        case 0x24:
            try skip(8)
            return .unsupported
        case 0x1d, 0x1f20, 0x1f21:
            try skip(UInt64(encoding.offsetSize))
            return .unsupported
        case 0x1e: return try block(size: 16)
        case 0x1f: return .string(.lineStrings(try unsigned(size: encoding.offsetSize)))
        case 0x20: return .signature(try read(UInt64.self))
        case Form.implicitConstant: return .signed(implicit)
        case 0x22, 0x23: return .listIndex(try unsignedLEB())
        case 0x25...0x28: return .string(.index(try unsigned(size: Int(form) - 0x24)))
        case 0x29...0x2c: return .addressIndex(try unsigned(size: Int(form) - 0x28))
        case 0x1f01: return .addressIndex(try unsignedLEB())
        case 0x1f02: return .string(.index(try unsignedLEB()))
        default: throw error(.unsupported, "values of form \(form) are not known")
        }
    }

    private mutating func block(size: UInt64) throws(DWARFError) -> AttributeValue {
        let start = offset
        try skip(size)
        return .block(start..<offset)
    }

    private func local(_ offset: UInt64, _ encoding: UnitEncoding) -> AttributeValue {
        .reference(UInt64(encoding.start) &+ offset)
    }
}
