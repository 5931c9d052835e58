// SPDX-License-Identifier: Apache-2.0

import BPFInstruction
import Bytes
import Linux

/// Whether this process may load programs.
let mayLoadPrograms: Bool = (try? TestPrograms.load(TestPrograms.returning(0))) != nil

/// Programs small enough to be written by hand, for tests that need something that runs.
enum TestPrograms {
    static func returning(_ value: Int32) -> [Instruction] {
        [
            Instruction(opcode: 0xb7, destination: 0, source: 0, offset: 0, immediate: value),
            Instruction(opcode: 0x95, destination: 0, source: 0, offset: 0, immediate: 0),
        ]
    }

    /// Sends records of `size` bytes into a ring buffer: the first 4 are the first 4 of the packet.
    static func ringOutput(map: Int32, size: Int32, flags: Int32 = 0) -> [Instruction] {
        packetWord(size)
            + loadMap(map, into: 1)
            + [
                Instruction(opcode: 0xbf, destination: 2, source: 10, offset: 0, immediate: 0),
                Instruction(opcode: 0x07, destination: 2, source: 0, offset: 0, immediate: -size),
                Instruction(opcode: 0xb7, destination: 3, source: 0, offset: 0, immediate: size),
                Instruction(opcode: 0xb7, destination: 4, source: 0, offset: 0, immediate: flags),
                Instruction(opcode: 0x85, destination: 0, source: 0, offset: 0, immediate: 130),
            ] + returning(0)
    }

    /// Reserves a record of 8 bytes and discards it.
    static func ringDiscard(map: Int32) -> [Instruction] {
        loadMap(map, into: 1)
            + [
                Instruction(opcode: 0xb7, destination: 2, source: 0, offset: 0, immediate: 8),
                Instruction(opcode: 0xb7, destination: 3, source: 0, offset: 0, immediate: 0),
                Instruction(opcode: 0x85, destination: 0, source: 0, offset: 0, immediate: 131),
                Instruction(opcode: 0x15, destination: 0, source: 0, offset: 3, immediate: 0),
                Instruction(opcode: 0xbf, destination: 1, source: 0, offset: 0, immediate: 0),
                Instruction(opcode: 0xb7, destination: 2, source: 0, offset: 0, immediate: 0),
                Instruction(opcode: 0x85, destination: 0, source: 0, offset: 0, immediate: 133),
            ] + returning(0)
    }

    /// Sends records of `size` bytes into a perf event array.
    static func perfOutput(map: Int32, size: Int32) -> [Instruction] {
        packetWord(size)
            + [Instruction(opcode: 0xbf, destination: 1, source: 6, offset: 0, immediate: 0)] + loadMap(map, into: 2)
            + [
                // BPF_F_CURRENT_CPU: 0xffffffff without its sign
                Instruction(opcode: 0xb4, destination: 3, source: 0, offset: 0, immediate: -1),
                Instruction(opcode: 0xbf, destination: 4, source: 10, offset: 0, immediate: 0),
                Instruction(opcode: 0x07, destination: 4, source: 0, offset: 0, immediate: -size),
                Instruction(opcode: 0xb7, destination: 5, source: 0, offset: 0, immediate: size),
                Instruction(opcode: 0x85, destination: 0, source: 0, offset: 0, immediate: 25),
            ] + returning(0)
    }

    /// r6 = context; the lowest `size` bytes of the stack are zero but for the packet's first word.
    private static func packetWord(_ size: Int32) -> [Instruction] {
        var instructions = [
            Instruction(opcode: 0xbf, destination: 6, source: 1, offset: 0, immediate: 0),
            Instruction(opcode: 0x20, destination: 0, source: 0, offset: 0, immediate: 0),
        ]
        for offset in stride(from: -size, to: 0, by: 8) {
            instructions.append(
                Instruction(opcode: 0x7a, destination: 10, source: 0, offset: Int16(offset), immediate: 0))
        }
        instructions.append(
            Instruction(opcode: 0x63, destination: 10, source: 0, offset: Int16(-size), immediate: 0))
        return instructions
    }

    private static func loadMap(_ map: Int32, into register: UInt8) -> [Instruction] {
        [
            Instruction(opcode: 0x18, destination: register, source: 1, offset: 0, immediate: map),
            Instruction(opcode: 0, destination: 0, source: 0, offset: 0, immediate: 0),
        ]
    }

    /// Loads a socket filter, or a program of another kind.
    static func load(
        _ instructions: [Instruction], kind: UInt32 = 1, configure: (inout ProgramLoad) -> Void = { _ in }
    ) throws(LinuxError) -> FileDescriptor {
        var log: VerifierLog?
        var load = ProgramLoad(kind: kind, name: "skep_test", license: "GPL")
        configure(&load)
        return try BPFSystemCall.loadProgram(
            load, instructions: Instruction.encode(instructions, order: .host), log: &log)
    }

    /// Runs a program on a packet that starts with a number.
    static func run(_ program: Int32, number: UInt32 = 0, repetitions: UInt32 = 1) throws(LinuxError) {
        var packet = [UInt8](repeating: 0, count: 64)
        // Traffic control sees the packet from its Ethernet header of 14 bytes on, a socket filter what follows.
        packet.store(number, at: 0, order: .big)
        packet.store(number, at: 14, order: .big)
        var run = TestRun(program: program, data: packet)
        run.repetitions = repetitions
        _ = try BPFSystemCall.testRun(run)
    }
}
