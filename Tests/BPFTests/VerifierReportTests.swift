// SPDX-License-Identifier: Apache-2.0

import BPF
import BPFObject
import TestSupport
import Testing

@Suite("What the verifier says is told in words")
struct VerifierReportTests {
    /// What Linux 7.3 writes about a read through a number.
    private static let explained = """
        0: R1=ctx() R10=fp0
        ; SEC("tc") int bad(void *ctx) { return *(volatile int *)0; } @ bad.bpf.c:7
        0: (b7) r1 = 0                        ; R1=0
        1: (61) r0 = *(u32 *)(r1 +0)
        R1 invalid mem access 'scalar'

        Verification failed: Register Type Safety: Invalid dereference

        Reason:
          R1 is an integer scalar here, not a pointer to memory.

        At:
          bad @ bad.bpf.c:7:49
          Source context:
          >>> 7 | SEC("tc") int bad(void *ctx) { return *(volatile int *)0; }
                | ^-- error: invalid dereference of R1 (an integer scalar)
          Instruction context:
              0 | (b7) r1 = 0
          >>> 1 | (61) r0 = *(u32 *)(r1 +0)

        Causal path:
          bad @ bad.bpf.c:7:0
          Instruction context:
          >>> 0 | (b7) r1 = 0

        Suggestion:
          Preserve a pointer-valued register where needed, or reload and revalidate the pointer after scalar
          arithmetic, helper calls, or other operations that can invalidate it.

        processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0

        """

    private static func report(_ log: String) throws -> VerifierReport {
        let spec = try ObjectSpec(
            CompiledC.object("SEC(\"tc\") int bad(void *ctx) { return *(volatile int *)0; }"), name: "bad")
        return VerifierReport(
            program: "bad", log: log, linked: try spec.link(program: "bad"), functions: spec.functions,
            types: spec.types)
    }

    @Test("the reason is the verifier's message, not the last line of the explanation that newer kernels add")
    func explanation() throws {
        let report = try Self.report(Self.explained)
        #expect(report.summary == "R1 invalid mem access 'scalar'")
        #expect(report.text.contains("kernel: R1 is an integer scalar here, not a pointer to memory."))
        #expect(!report.text.contains("Causal path") && !report.text.contains("Instruction context"))
        #expect(!report.isEnvironment)
    }

    @Test("older kernels' logs, which end with the message, are told the same")
    func withoutExplanation() throws {
        let lines = Self.explained.split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex { $0.hasPrefix("Verification failed") })
        let old = (lines[..<start] + lines.suffix(2)).joined(separator: "\n")
        #expect(try Self.report(old).summary == "R1 invalid mem access 'scalar'")
    }

    @Test("the kernel's advice is the hint where there is no other")
    func suggestion() throws {
        let log = Self.explained.replacing("R1 invalid mem access 'scalar'", with: "something new")
        let report = try Self.report(log)
        #expect(report.summary == "something new")
        #expect(report.hint?.hasPrefix("Preserve a pointer-valued register where needed") == true)
        #expect(report.hint?.hasSuffix("can invalidate it.") == true)
    }
}
