// SPDX-License-Identifier: Apache-2.0

public import Bytes

/// One eBPF instruction slot of eight bytes, as the kernel takes it.
///
/// An instruction is one slot, except the 64-bit immediate load (opcode 0x18), which takes two. On a little-endian host
/// an array of these has the memory layout of an array of the kernel's `struct bpf_insn`; ``encode(_:order:)`` gives
/// the bytes for either byte order.
///
/// ```swift
/// let exit = Instruction(opcode: 0x95)
/// let bytes = Instruction.encode([Instruction(opcode: 0xb7, destination: 0, immediate: 1), exit], order: .host)
/// ```
///
/// - Note: C name `struct bpf_insn`; RFC 9669 section 3.
public struct Instruction: Hashable, Sendable, BitwiseCopyable {
    /// What the instruction does: class in the low three bits, the rest depends on the class.
    public var opcode: UInt8
    /// Both register numbers: the destination in the low four bits, the source in the high four bits.
    public var registers: UInt8
    /// A signed offset: of memory accesses in bytes, of jumps in slots relative to the next slot.
    public var offset: Int16
    /// A signed constant; calls keep the helper's id or the target here.
    public var immediate: Int32

    /// The number of bytes of one slot.
    public static let size = 8

    /// Makes a slot from its fields.
    ///
    /// - Parameters:
    ///   - opcode: the operation.
    ///   - destination: the destination register; only the low four bits count.
    ///   - source: the source register or a pseudo value; only the low four bits count.
    ///   - offset: the signed offset.
    ///   - immediate: the signed constant.
    @inlinable
    public init(opcode: UInt8, destination: UInt8 = 0, source: UInt8 = 0, offset: Int16 = 0, immediate: Int32 = 0) {
        self.opcode = opcode
        self.registers = (destination & 0x0f) | (source << 4)
        self.offset = offset
        self.immediate = immediate
    }

    /// The destination register, 0 to 15; the kernel accepts 0 to 10.
    @inlinable
    public var destination: UInt8 {
        get { registers & 0x0f }
        set { registers = (registers & 0xf0) | (newValue & 0x0f) }
    }

    /// The source register or pseudo value, 0 to 15.
    @inlinable
    public var source: UInt8 {
        get { registers >> 4 }
        set { registers = (registers & 0x0f) | (newValue << 4) }
    }

    /// Reads slots from bytes.
    ///
    /// - Parameters:
    ///   - bytes: the contents of a program section; hostile bytes are fine, any slot value can be held.
    ///   - order: the byte order of the object, which also says which half of the register byte is the destination.
    /// - Throws: ``InstructionError`` with code ``InstructionError/Code/truncated`` when the size is no multiple of
    ///   eight.
    /// - Complexity: O(n).
    public static func decode(_ bytes: RawSpan, order: ByteOrder) throws(InstructionError) -> [Instruction] {
        let remainder = bytes.byteCount % size
        guard remainder == 0 else {
            throw InstructionError(
                .truncated, "the code's size of \(bytes.byteCount) bytes is not a multiple of \(size)",
                slot: bytes.byteCount / size)
        }
        var instructions: [Instruction] = []
        instructions.reserveCapacity(bytes.byteCount / size)
        var position = 0
        while position < bytes.byteCount {
            guard
                let opcode = bytes.integer(at: position, as: UInt8.self, order: order),
                let registers = bytes.integer(at: position &+ 1, as: UInt8.self, order: order),
                let offset = bytes.integer(at: position &+ 2, as: Int16.self, order: order),
                let immediate = bytes.integer(at: position &+ 4, as: Int32.self, order: order)
            else { break }
            var instruction = Instruction(opcode: opcode, offset: offset, immediate: immediate)
            instruction.registers = order == .little ? registers : (registers << 4) | (registers >> 4)
            instructions.append(instruction)
            position &+= size
        }
        return instructions
    }

    /// Writes slots as bytes, eight for each.
    ///
    /// - Complexity: O(n).
    public static func encode(_ instructions: [Instruction], order: ByteOrder) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(instructions.count &* size)
        for instruction in instructions {
            bytes.append(instruction.opcode)
            let registers = instruction.registers
            bytes.append(order == .little ? registers : (registers << 4) | (registers >> 4))
            bytes.append(instruction.offset, order: order)
            bytes.append(instruction.immediate, order: order)
        }
        return bytes
    }
}
