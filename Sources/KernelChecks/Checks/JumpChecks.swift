// SPDX-License-Identifier: Apache-2.0

import BPF
import BPFInstruction
import Linux

extension KernelCheck {
    /// Jumps that compilers of objects for older kernels do not write, so their code is written here.
    static let jumpChecks = [
        KernelCheck(
            "insn_array: a program jumps to the place that the packet's length names", minimumKernel: "6.19",
            subject: .map("insn_array")
        ) {
            let table = try CheckMaps.make(.instructionArray, value: 16, entries: 4)
            for slot in 0..<4 as Range<UInt32> {
                // struct bpf_insn_array_value: the place in the program as it is loaded; the kernel writes the rest.
                let value = CheckMaps.bytes(8 + 2 * slot) + [UInt8](repeating: 0, count: 12)
                try table.setValue(value, for: CheckMaps.bytes(slot))
            }
            try table.freeze()
            var code = [
                word(0x61, 6, 1), word(0x57, 6, immediate: 3), word(0x67, 6, immediate: 3),
                // r1 = the table
                word(0x18, 1, 2, immediate: table.rawDescriptor), word(0), word(0x0f, 1, 6), word(0x79, 1, 1),
                word(0x0d, 1),
            ]
            for answer: Int32 in [10, 20, 30, 40] { code += [word(0xb7, immediate: answer), exit] }
            let program = try load(code)
            for size in 64..<72 {
                // Socket filters do not see the 14 bytes of the Ethernet header.
                let expected = UInt32(10 * ((size - 14) % 4 + 1))
                try expectSame(try answer(of: program, size), expected, "the answer to \(size) bytes")
            }
            let value = try table.value(for: CheckMaps.bytes(3 as UInt32)) ?? []
            try expectSame(Array(value.prefix(4)), CheckMaps.bytes(14 as UInt32), "the last place")
            return .passed
        },
        KernelCheck(
            "a jump with a distance of 32 bits goes where it says", minimumKernel: "6.6", guestOnly: true,
            subject: .feature("jumps of 32 bits (gotol)")
        ) {
            guard let feature = Feature.instructions.first(where: { $0.name == "long_jump" }) else {
                return .failed("there is no probe of it")
            }
            guard feature.probe().outcome == .available else {
                throw BPFError(.notSupported, "jumps of 32 bits need Linux 6.6, this is \(KernelVersion.current)")
            }
            // Over the assignment of 5; behind a condition, so that the verifier leaves the jump as it is.
            let program = try load([
                word(0xb7, immediate: 7), word(0x61, 2, 1), word(0x15, 2, offset: 1), word(0x06, immediate: 1),
                word(0xb7, immediate: 5), exit,
            ])
            try expectSame(try answer(of: program, 64), 7, "the answer")
            return .passed
        },
    ]

    private static let exit = word(0x95)

    private static func word(
        _ opcode: UInt8, _ destination: UInt8 = 0, _ source: UInt8 = 0, offset: Int16 = 0, immediate: Int32 = 0
    ) -> Instruction {
        Instruction(opcode: opcode, destination: destination, source: source, offset: offset, immediate: immediate)
    }

    /// Loads a socket filter.
    private static func load(_ code: [Instruction]) throws(LinuxError) -> FileDescriptor {
        var log: VerifierLog? = VerifierLog(level: 1, capacity: 1 << 16)
        return try BPFSystemCall.loadProgram(
            ProgramLoad(kind: 1, name: "skep_check", license: "GPL"),
            instructions: Instruction.encode(code, order: .host), log: &log)
    }

    private static func answer(of program: borrowing FileDescriptor, _ size: Int) throws(LinuxError) -> UInt32 {
        try BPFSystemCall.testRun(
            TestRun(program: program.rawValue, data: [UInt8](repeating: 0, count: size))
        ).returnValue
    }
}
