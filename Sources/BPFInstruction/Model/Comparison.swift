// SPDX-License-Identifier: Apache-2.0

/// The comparisons of conditional jumps; the raw value is the operator in assembler text.
public enum Comparison: String, Hashable, Sendable, CaseIterable {
    /// `==`
    case equal = "=="
    /// `>`, unsigned.
    case greater = ">"
    /// `>=`, unsigned.
    case greaterOrEqual = ">="
    /// `&`: any common bit is set.
    case bitsSet = "&"
    /// `!=`
    case notEqual = "!="
    /// `s>`, signed.
    case signedGreater = "s>"
    /// `s>=`, signed.
    case signedGreaterOrEqual = "s>="
    /// `<`, unsigned (ISA v2, Linux 4.14).
    case less = "<"
    /// `<=`, unsigned (ISA v2, Linux 4.14).
    case lessOrEqual = "<="
    /// `s<`, signed (ISA v2, Linux 4.14).
    case signedLess = "s<"
    /// `s<=`, signed (ISA v2, Linux 4.14).
    case signedLessOrEqual = "s<="

    /// The operation field of the opcode, in place.
    var opcodeBits: UInt8 {
        switch self {
        case .equal: 0x10
        case .greater: 0x20
        case .greaterOrEqual: 0x30
        case .bitsSet: 0x40
        case .notEqual: 0x50
        case .signedGreater: 0x60
        case .signedGreaterOrEqual: 0x70
        case .less: 0xa0
        case .lessOrEqual: 0xb0
        case .signedLess: 0xc0
        case .signedLessOrEqual: 0xd0
        }
    }
}
