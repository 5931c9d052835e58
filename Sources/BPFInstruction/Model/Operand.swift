// SPDX-License-Identifier: Apache-2.0

/// The second operand of an operation.
public enum Operand: Hashable, Sendable {
    /// The value of a register.
    case register(UInt8)
    /// A constant, sign-extended where the operation is 64 bits wide.
    case constant(Int32)
}

/// Whether an operation works on all 64 bits of a register or on the low 32 bits, clearing the rest.
public enum OperandWidth: Int, Hashable, Sendable, CaseIterable {
    /// The low 32 bits, written `w1`.
    case word = 32
    /// All 64 bits, written `r1`.
    case doubleWord = 64
}

/// The number of bytes a memory access covers.
public enum MemorySize: Int, Hashable, Sendable, CaseIterable {
    /// `u8`.
    case byte = 1
    /// `u16`.
    case halfWord = 2
    /// `u32`.
    case word = 4
    /// `u64`.
    case doubleWord = 8

    /// The size field of the opcode, in place.
    var opcodeBits: UInt8 {
        switch self {
        case .word: 0x00
        case .halfWord: 0x08
        case .byte: 0x10
        case .doubleWord: 0x18
        }
    }

    init(opcode: UInt8) {
        switch opcode & 0x18 {
        case 0x00: self = .word
        case 0x08: self = .halfWord
        case 0x10: self = .byte
        default: self = .doubleWord
        }
    }
}

/// What a 64-bit immediate load loads.
public enum WideValue: Hashable, Sendable {
    /// A constant.
    case constant(UInt64)
    /// The map with this file descriptor (`BPF_PSEUDO_MAP_FD`).
    case map(descriptor: Int32)
    /// The address of the first value of the map with this file descriptor, plus an offset (`BPF_PSEUDO_MAP_VALUE`).
    case mapValue(descriptor: Int32, offset: Int32)
    /// The address of a kernel variable by BTF id (`BPF_PSEUDO_BTF_ID`); `object` is the module's BTF descriptor or 0.
    case kernelVariable(id: Int32, object: Int32)
    /// The address of a function of the program, the distance counted from the next slot (`BPF_PSEUDO_FUNC`).
    case function(distance: Int32)
    /// The map at this index of the load command's descriptors (`BPF_PSEUDO_MAP_IDX`).
    case mapIndex(Int32)
    /// As ``mapValue(descriptor:offset:)``, by index (`BPF_PSEUDO_MAP_IDX_VALUE`).
    case mapIndexValue(Int32, offset: Int32)
}
