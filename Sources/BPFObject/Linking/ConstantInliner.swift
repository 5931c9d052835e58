// SPDX-License-Identifier: Apache-2.0

import BPFInstruction
public import Bytes

/// Writes constants of `.rodata` into the instructions that read them, for kernels without global variables.
///
/// The compiler loads a variable's address and then its value. Where the value is read in the same run of instructions, the
/// read becomes a move of the constant; what is left of the address is a number that the verifier refuses to follow.
public struct ConstantInliner: Sendable {
    private let constants: [String: [UInt8]]
    private let order: ByteOrder

    /// Makes an inliner.
    ///
    /// - Parameters:
    ///   - constants: the bytes of the sections of constants, by the names of their maps.
    ///   - order: the byte order of the object.
    public init(constants: [String: [UInt8]], order: ByteOrder) {
        self.constants = constants
        self.order = order
    }

    /// Rewrites a function.
    ///
    /// - Returns: how many reads became constants.
    /// - Complexity: O(instructions · references) at worst.
    public func inline(_ function: inout FunctionSpec) -> Int {
        let targets = Self.jumpTargets(of: function.instructions)
        var count = 0
        for position in function.references.indices.reversed() {
            let reference = function.references[position]
            guard case .mapValue(let map, let offset) = reference.target, let bytes = constants[map],
                function.instructions.indices.contains(reference.instruction + 1)
            else { continue }
            let register = function.instructions[reference.instruction].destination
            count += follow(register, from: reference.instruction + 2, bytes, Int(offset), targets, &function)
            function.instructions[reference.instruction].source = 0
            function.instructions[reference.instruction].immediate = 0
            function.instructions[reference.instruction + 1].immediate = 0
            function.references.remove(at: position)
        }
        return count
    }

    /// Follows an address until its register changes or the run of instructions ends.
    private func follow(
        _ register: UInt8, from start: Int, _ bytes: [UInt8], _ offset: Int, _ targets: Set<Int>,
        _ function: inout FunctionSpec
    ) -> Int {
        var count = 0
        var index = start
        while index < function.instructions.count, !targets.contains(index) {
            let instruction = function.instructions[index]
            if instruction.isJump || instruction.isExit { break }
            // A call leaves only r6 to r9.
            if instruction.isCall || instruction.isIndirectCall, register < 6 { break }
            if instruction.instructionClass == .loadMemory, instruction.source == register, instruction.mode == 0x60,
                let value = value(bytes, offset + Int(instruction.offset), instruction.accessSize),
                let move = Self.move(value, to: instruction.destination, size: instruction.accessSize)
            {
                function.instructions[index] = move
                count += 1
            }
            let writes: Bool
            switch instruction.instructionClass {
            case .loadMemory, .arithmetic32, .arithmetic64, .load: writes = true
            default: writes = false
            }
            if writes, instruction.destination == register { break }
            index += instruction.isWideLoad ? 2 : 1
        }
        return count
    }

    private func value(_ bytes: [UInt8], _ offset: Int, _ size: Int) -> UInt64? {
        guard offset >= 0, offset <= bytes.count, size <= bytes.count - offset else { return nil }
        var value: UInt64 = 0
        for index in 0..<size {
            let byte = UInt64(bytes[offset + index])
            value |= byte << UInt64(order == .little ? index * 8 : (size - 1 - index) * 8)
        }
        return value
    }

    /// One instruction that gives a register a value; wider ones do not fit into the place of a read.
    private static func move(_ value: UInt64, to register: UInt8, size: Int) -> Instruction? {
        if let signed = Int32(exactly: Int64(bitPattern: value)) {
            return Instruction(opcode: 0xb7, destination: register, source: 0, offset: 0, immediate: signed)
        }
        guard value <= UInt64(UInt32.max) else { return nil }
        // 32-bit moves set the upper half to zero.
        return Instruction(
            opcode: 0xb4, destination: register, source: 0, offset: 0,
            immediate: Int32(bitPattern: UInt32(truncatingIfNeeded: value)))
    }

    private static func jumpTargets(of code: [Instruction]) -> Set<Int> {
        var targets: Set<Int> = []
        for (index, instruction) in code.enumerated() where instruction.isJump {
            let distance = instruction.opcode == 0x06 ? Int(instruction.immediate) : Int(instruction.offset)
            targets.insert(index + 1 + distance)
        }
        return targets
    }
}
