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
