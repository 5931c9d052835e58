// SPDX-License-Identifier: Apache-2.0

/// What one eBPF instruction does, with only the fields that it uses.
///
/// ``Instruction/decoded(followedBy:)`` makes one from slots and refuses slots whose unused fields are not zero;
/// ``instructions`` gives the slots back, bit for bit.
///
/// ```swift
/// let operation = try Instruction(opcode: 0x07, destination: 1, immediate: 8).decoded()
/// print(operation)  // r1 += 8
/// ```
///
/// - Note: RFC 9669; newer instructions as in `kernel/bpf/verifier.c` of Linux 6.15 and later.
public enum Operation: Hashable, Sendable {
    /// `r1 += r2`, `w1 = 5`: the destination and an operand give the destination's new value.
    case arithmetic(ArithmeticOperator, OperandWidth, destination: UInt8, Operand)
    /// `r1 = -r1`.
    case negate(OperandWidth, destination: UInt8)
    /// `r1 = (s8)r2`: a move that extends the sign of the low 8, 16 or 32 bits (ISA v4, Linux 6.6).
    case moveSignExtended(OperandWidth, destination: UInt8, source: UInt8, bits: Int)
    /// `r1 = addr_space_cast(r2, 0, 1)`: a pointer moved between address spaces (arenas, Linux 6.9).
    case castAddressSpace(destination: UInt8, source: UInt8, to: UInt16, from: UInt16)
    /// `r1 = be16 r1`: the low 16, 32 or 64 bits, reordered, the rest cleared.
    case swapBytes(ByteSwap, destination: UInt8, bits: Int)
    /// `r1 = 5 ll`: a 64-bit immediate or the address of a map, variable or function; takes two slots.
    case wideLoad(destination: UInt8, WideValue)
    /// `r0 = *(u16 *)skb[12]`: the legacy load of packet data at a fixed position.
    case loadPacket(MemorySize, offset: Int32)
    /// `r0 = *(u16 *)skb[r1 + 12]`: the legacy load of packet data at a computed position.
    case loadPacketIndirect(MemorySize, source: UInt8, offset: Int32)
    /// `r1 = *(u32 *)(r2 + 8)`; `isSigned` extends the sign (`s32`, ISA v4, Linux 6.6).
    case load(MemorySize, destination: UInt8, base: UInt8, offset: Int16, isSigned: Bool)
    /// `*(u32 *)(r1 + 8) = r2` or a constant.
    case store(MemorySize, base: UInt8, offset: Int16, Operand)
    /// `lock *(u64 *)(r1 + 0) += r2` and its fetching, exchanging and comparing relatives; `size` is 4 or 8 bytes.
    case atomic(AtomicOperator, MemorySize, base: UInt8, offset: Int16, source: UInt8)
    /// `r1 = load_acquire((u64 *)(r2 + 0))` (Linux 6.15).
    case loadAcquire(MemorySize, destination: UInt8, base: UInt8, offset: Int16)
    /// `store_release((u64 *)(r1 + 0), r2)` (Linux 6.15).
    case storeRelease(MemorySize, base: UInt8, offset: Int16, source: UInt8)
    /// `goto +3`, the distance counted from the next slot.
    case jump(distance: Int16)
    /// `gotol +100000`: a jump with a 32-bit distance (ISA v4, Linux 6.6).
    case longJump(distance: Int32)
    /// `gotox r1`: a jump to the address in a register (Linux 6.19).
    case jumpToRegister(UInt8)
    /// `if r1 s> 5 goto +3`.
    case conditionalJump(Comparison, OperandWidth, UInt8, Operand, distance: Int16)
    /// `may_goto +3`: jumps out of a loop when the kernel's budget for it is used up (Linux 6.9).
    case mayJump(distance: Int16)
    /// `call 5`: a helper by id.
    case callHelper(id: Int32)
    /// `call pc+5`: a function of the program, the distance counted from the next slot (Linux 4.16).
    case callLocal(distance: Int32)
    /// `call kernel-function#123`: a kernel function by BTF id, of a module when `module` is not 0 (Linux 5.13).
    case callKernelFunction(id: Int32, module: Int16)
    /// `callx r1`: the function whose address is in a register.
    case callRegister(UInt8)
    /// `exit`.
    case exit
}

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

/// The atomic operators on memory.
public enum AtomicOperator: Hashable, Sendable {
    /// `+=`; with `fetch` the source register receives the old value.
    case add(fetch: Bool)
    /// `|=`.
    case or(fetch: Bool)
    /// `&=`.
    case and(fetch: Bool)
    /// `^=`.
    case xor(fetch: Bool)
    /// The memory and the source register trade values.
    case exchange
    /// The source is stored if the memory equals `r0`; `r0` receives the old value.
    case compareExchange

    /// The immediate that selects it.
    var immediate: Int32 {
        switch self {
        case .add(let fetch): fetch ? 0x01 : 0x00
        case .or(let fetch): fetch ? 0x41 : 0x40
        case .and(let fetch): fetch ? 0x51 : 0x50
        case .xor(let fetch): fetch ? 0xa1 : 0xa0
        case .exchange: 0xe1
        case .compareExchange: 0xf1
        }
    }

    init?(immediate: Int32) {
        switch immediate {
        case 0x00, 0x01: self = .add(fetch: immediate & 1 != 0)
        case 0x40, 0x41: self = .or(fetch: immediate & 1 != 0)
        case 0x50, 0x51: self = .and(fetch: immediate & 1 != 0)
        case 0xa0, 0xa1: self = .xor(fetch: immediate & 1 != 0)
        case 0xe1: self = .exchange
        case 0xf1: self = .compareExchange
        default: return nil
        }
    }
}

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
