// SPDX-License-Identifier: Apache-2.0

/// The arithmetic operators; the raw value is the one of C's assignment operator in assembler text.
public enum ArithmeticOperator: String, Hashable, Sendable, CaseIterable {
    /// `+=`
    case add = "+="
    /// `-=`
    case subtract = "-="
    /// `*=`
    case multiply = "*="
    /// `/=`, unsigned.
    case divide = "/="
    /// `s/=`, signed (ISA v4, Linux 6.6).
    case signedDivide = "s/="
    /// `|=`
    case or = "|="
    /// `&=`
    case and = "&="
    /// `<<=`
    case shiftLeft = "<<="
    /// `>>=`, filling with zeros.
    case shiftRight = ">>="
    /// `%=`, unsigned.
    case modulo = "%="
    /// `s%=`, signed (ISA v4, Linux 6.6).
    case signedModulo = "s%="
    /// `^=`
    case xor = "^="
    /// `=`
    case move = "="
    /// `s>>=`, filling with the sign.
    case arithmeticShiftRight = "s>>="

    /// The operation field of the opcode, in place.
    var opcodeBits: UInt8 {
        switch self {
        case .add: 0x00
        case .subtract: 0x10
        case .multiply: 0x20
        case .divide, .signedDivide: 0x30
        case .or: 0x40
        case .and: 0x50
        case .shiftLeft: 0x60
        case .shiftRight: 0x70
        case .modulo, .signedModulo: 0x90
        case .xor: 0xa0
        case .move: 0xb0
        case .arithmeticShiftRight: 0xc0
        }
    }

    /// Whether the offset field says that the operation is signed.
    var isSignedByOffset: Bool { self == .signedDivide || self == .signedModulo }
}

/// The ways to reorder a register's bytes.
public enum ByteSwap: String, Hashable, Sendable, CaseIterable {
    /// To or from little-endian, depending on the machine: `le16`.
    case littleEndian = "le"
    /// To or from big-endian, depending on the machine: `be16`.
    case bigEndian = "be"
    /// Always reversed: `bswap16` (ISA v4, Linux 6.6).
    case unconditional = "bswap"
}
