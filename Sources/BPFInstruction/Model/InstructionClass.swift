// SPDX-License-Identifier: Apache-2.0

/// The eight instruction classes: the low three bits of the opcode (RFC 9669, section 3.2).
public enum InstructionClass: UInt8, Sendable, Hashable, CaseIterable {
    /// Non-standard loads: the 64-bit immediate and the legacy packet loads (`BPF_LD`).
    case load = 0
    /// Loads from memory into a register (`BPF_LDX`).
    case loadMemory = 1
    /// Stores of a constant into memory (`BPF_ST`).
    case storeImmediate = 2
    /// Stores of a register into memory, and atomics (`BPF_STX`).
    case storeRegister = 3
    /// 32-bit arithmetic (`BPF_ALU`).
    case arithmetic32 = 4
    /// 64-bit jumps, calls and exit (`BPF_JMP`).
    case jump = 5
    /// 32-bit jumps (`BPF_JMP32`).
    case jump32 = 6
    /// 64-bit arithmetic (`BPF_ALU64`).
    case arithmetic64 = 7
}

extension Instruction {
    /// The class, from the low three bits of the opcode.
    @inlinable
    public var instructionClass: InstructionClass {
        // All eight values of three bits have a case; the fallback is never taken.
        InstructionClass(rawValue: opcode & 0x07) ?? .load
    }

    /// The operation of arithmetic and jump classes: the high four bits of the opcode, in place.
    @inlinable
    public var operation: UInt8 { opcode & 0xf0 }

    /// Whether an arithmetic or jump instruction takes its second operand from the source register (`BPF_X`).
    @inlinable
    public var usesSourceRegister: Bool { opcode & 0x08 != 0 }

    /// The addressing mode of load and store classes: the high three bits of the opcode, in place.
    @inlinable
    public var mode: UInt8 { opcode & 0xe0 }

    /// The number of bytes that a load or store class accesses: 1, 2, 4 or 8.
    @inlinable
    public var accessSize: Int {
        switch opcode & 0x18 {
        case 0x00: 4
        case 0x08: 2
        case 0x10: 1
        default: 8
        }
    }

    /// Whether this is the first slot of a 64-bit immediate load (opcode 0x18), which takes the next slot too.
    @inlinable
    public var isWideLoad: Bool { opcode == 0x18 }

    /// Whether this calls a helper, a local function or a kernel function by constant.
    @inlinable
    public var isCall: Bool { opcode == 0x85 }

    /// Whether this calls the address in a register (`callx`).
    @inlinable
    public var isIndirectCall: Bool { opcode == 0x8d }

    /// Whether this calls a helper by id (source 0).
    @inlinable
    public var isHelperCall: Bool { isCall && source == PseudoCall.helper }

    /// Whether this calls another function of the program (source 1, `BPF_PSEUDO_CALL`).
    @inlinable
    public var isLocalCall: Bool { isCall && source == PseudoCall.local }

    /// Whether this calls a kernel function by BTF id (source 2, `BPF_PSEUDO_KFUNC_CALL`, Linux 5.13).
    @inlinable
    public var isKernelFunctionCall: Bool { isCall && source == PseudoCall.kernelFunction }

    /// Whether this loads the address of a function of the program, as callbacks need (source 4, `BPF_PSEUDO_FUNC`).
    @inlinable
    public var isFunctionAddressLoad: Bool { isWideLoad && source == PseudoLoad.function }

    /// Whether this ends the function.
    @inlinable
    public var isExit: Bool { opcode == 0x95 }

    /// Whether this jumps within the function, conditionally or not; calls and exit are no jumps.
    @inlinable
    public var isJump: Bool { isUnconditionalJump || isConditionalJump }

    /// Whether this always jumps: `goto` (16-bit offset) or `gotol` (32-bit offset in the immediate, ISA v4).
    @inlinable
    public var isUnconditionalJump: Bool { opcode == 0x05 || opcode == 0x06 }

    /// Whether this jumps under a condition, `may_goto` (opcode 0xe5, Linux 6.10) included.
    @inlinable
    public var isConditionalJump: Bool {
        guard instructionClass == .jump || instructionClass == .jump32 else { return false }
        switch operation {
        case 0x00, 0x80, 0x90, 0xf0: return false
        case 0xe0: return opcode == 0xe5
        default: return true
        }
    }

    /// The distance of a jump in slots, relative to the next slot, or `nil` when this is no jump.
    @inlinable
    public var jumpDistance: Int? {
        guard isJump else { return nil }
        return opcode == 0x06 ? Int(immediate) : Int(offset)
    }

    /// What the source field of a call says (`BPF_PSEUDO_CALL` and others in `include/uapi/linux/bpf.h`).
    public enum PseudoCall {
        /// The immediate is a helper's id.
        public static let helper: UInt8 = 0
        /// The immediate is the distance in slots to a function of the program.
        public static let local: UInt8 = 1
        /// The immediate is the BTF id of a kernel function.
        public static let kernelFunction: UInt8 = 2
    }

    /// What the source field of a 64-bit immediate load says (`BPF_PSEUDO_MAP_FD` and others in
    /// `include/uapi/linux/bpf.h`).
    public enum PseudoLoad {
        /// The two immediates are the low and high half of a constant.
        public static let constant: UInt8 = 0
        /// The first immediate is a map's file descriptor.
        public static let mapDescriptor: UInt8 = 1
        /// The address of a map's value: descriptor in the first, offset in the second immediate.
        public static let mapValue: UInt8 = 2
        /// The first immediate is the BTF id of a kernel variable.
        public static let kernelVariable: UInt8 = 3
        /// The first immediate is the distance in slots to a function of the program.
        public static let function: UInt8 = 4
        /// The first immediate is an index into the descriptor array of the load command.
        public static let mapIndex: UInt8 = 5
        /// As ``mapValue``, with an index into the descriptor array.
        public static let mapIndexValue: UInt8 = 6
    }
}
