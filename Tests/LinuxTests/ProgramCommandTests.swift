// SPDX-License-Identifier: Apache-2.0

import Linux
import Testing

@Suite("Programs of the running kernel", .enabled(if: mayUseBPF, "bpf(2) is not permitted here"))
struct ProgramCommandTests {
    /// `r0 = VALUE; exit`
    private func returning(_ value: UInt8) -> [UInt8] {
        [0xb7, 0, 0, 0, value, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0]
    }

    @Test("A socket filter loads, runs and is described")
    func loadAndRun() throws {
        var log: VerifierLog?
        let program = try BPFSystemCall.loadProgram(
            ProgramLoad(kind: 1, name: "skep test!", license: "GPL"), instructions: returning(7), log: &log)
        let information = try BPFSystemCall.programInformation(of: program.rawValue)
        #expect(information.kind == 1)
        #expect(information.name == "skep_test_")
        #expect(information.isGPLCompatible)
        #expect(information.tag.count == 8)
        let result = try BPFSystemCall.testRun(
            TestRun(program: program.rawValue, data: [UInt8](repeating: 0, count: 64), outputCapacity: 128))
        #expect(result.returnValue == 7)
        #expect(try BPFSystemCall.programCode(of: program.rawValue).translated.count == 16)
    }

    @Test("A program that the verifier refuses leaves a log")
    func refused() throws {
        var log: VerifierLog? = VerifierLog(level: 1, capacity: 64 << 10)
        #expect(throws: LinuxError.self) {
            // `exit` without a value in r0
            _ = try BPFSystemCall.loadProgram(
                ProgramLoad(kind: 1, license: "GPL"), instructions: [0x95, 0, 0, 0, 0, 0, 0, 0], log: &log)
        }
        #expect(log?.text.contains("R0 !read_ok") == true)
        #expect(log?.isTruncated == false)
    }

    @Test("A log that does not fit says so and, from Linux 6.4, how much room it needs")
    func truncatedLog() throws {
        var log: VerifierLog? = VerifierLog(level: 2, capacity: 128)
        // Older kernels refuse the load with ENOSPC.
        _ = try? BPFSystemCall.loadProgram(
            ProgramLoad(kind: 1, license: "GPL"),
            instructions: [UInt8](repeatElement(returning(1)[0..<8], count: 50).joined()) + returning(1), log: &log)
        #expect(log?.isTruncated == true)
        if KernelVersion.current >= "6.4" { #expect((log?.trueSize ?? 0) > 128) }
    }
}
