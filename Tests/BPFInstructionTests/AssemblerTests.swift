// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BPFInstruction

@Suite("Assembler")
struct AssemblerTests {
    @Test("both spellings give the same slots")
    func spellings() throws {
        let pairs = [
            ("r0 = *(u32 *)(r1 + 8)", "r0 = *(u32 *)(r1 +8)"),
            ("goto +3", "goto pc+3"),
            ("if r1 s> 5 goto -3", "if r1 s> 0x5 goto pc-3"),
            ("call 1", "call bpf_map_lookup_elem#1"),
            ("r2 = atomic_fetch_add((u64 *)(r1 + 0), r2)", "r2 = atomic64_fetch_add((u64 *)(r1 +0), r2)"),
            ("w0 = cmpxchg32_32(r1 + 0, w0, w2)", "r0 = atomic_cmpxchg((u32 *)(r1 +0), r0, r2)"),
            ("r2 = xchg_64(r1 + 0, r2)", "r2 = atomic64_xchg((u64 *)(r1 +0), r2)"),
            ("w1 = load_acquire((u8 *)(r2 + 8))", "r1 = load_acquire((u8 *)(r2 +8))"),
            ("r1 = 5 ll", "0: (18) r1 = 0x5"),
            ("w1 = *(u8 *)(r2 + 0)", "r1 = *(u8 *)(r2)"),
            ("r1 += -1", "r1 += 0xffffffff"),
        ]
        for (left, right) in pairs {
            #expect(try Assembler.assemble(left) == Assembler.assemble(right), "\(left)")
        }
    }

    @Test("labels reach forwards and backwards, over wide loads too")
    func labels() throws {
        let code = try Assembler.assemble(
            """
            start:  r1 = 5 ll       // two slots
                    if r1 == 0 goto out
                    w2 &= 7; goto start
            out:    call helper_function   # a local function
                    exit
            helper_function:
                    r0 = 0
                    exit
            """)
        #expect(code.count == 9)
        #expect(code[2].offset == 2)
        #expect(code[4].offset == -5)
        #expect(code[5].isLocalCall)
        #expect(code[5].immediate == 1)
    }

    @Test("helpers are called by name, with or without prefix")
    func helpers() throws {
        let code = try Assembler.assemble("call bpf_ktime_get_ns\ncall ktime_get_ns")
        #expect(code.allSatisfy { $0.isHelperCall && $0.immediate == 5 })
    }

    @Test("a verifier log's lines are read as they are")
    func verifierLog() throws {
        let code = try Assembler.assemble(
            """
            ; int x = 5; @ file.c:3
            0: (b7) r0 = 5                        ; R0_w=5
            1: (18) r1 = 0x100000002
            3: (63) *(u32 *)(r10 -4) = r0         ; R0_w=5 R10=fp0 fp-8=mmmm5
            4: (95) exit
            """)
        #expect(code.count == 5)
        #expect(code[1].isWideLoad)
        #expect(code[2].immediate == 1)
    }

    private static let mistakes: [(String, InstructionError.Code, String)] = [
        ("r1 = w2", .syntax, "mixed"),
        ("r11 = 1", .outOfRange, "r10"),
        ("goto nowhere", .label, "there is no label 'nowhere'"),
        ("call nobody", .label, "there is no helper or label 'nobody'"),
        ("a: exit\na: exit", .label, "defined twice"),
        ("r1 = 0x123456789", .outOfRange, "32 bits"),
        ("r1 = *(u32 *)(r2 + 40000)", .outOfRange, "40000"),
        ("r1 = *(u24 *)(r2 + 0)", .syntax, "expected a type"),
        ("r1 =", .syntax, "the end of the line"),
        ("exit exit", .syntax, "unexpected 'exit'"),
        ("lock *(u8 *)(r1 + 0) += r2", .syntax, "u32 or u64"),
        ("r1 = -r2", .syntax, "own negative"),
        ("r1 = 99999999999999999999", .outOfRange, "64-bit"),
        ("r1 = ~5", .syntax, "unexpected character"),
        ("r1 = 5 /* open", .syntax, "comment"),
    ]

    @Test("mistakes are named with their line", arguments: mistakes)
    func reported(text: String, code: InstructionError.Code, part: String) throws {
        let error = try #require(throws: InstructionError.self) { try Assembler.assemble("exit\n" + text) }
        #expect(error.code == code)
        #expect(error.message.contains(part), "\(error.message)")
        #expect((error.line ?? 0) >= 2)
    }

    @Test("arbitrary text never traps")
    func hostileText() {
        var state: UInt64 = 88_172_645_463_325_252
        let pieces = [
            "r1", "w10", "=", "*", "(", ")", "u32", "s64", "+", "-", "0xffffffffffffffff", "9223372036854775808",
            "goto",
            "if", "call", "pc", "kernel", "#", "lock", "skb", "[", "]", "ll", ",", ":", ";", "exit", "<", ">", "s>",
            "a",
            "map_fd", "function", "atomic_fetch_add", "cmpxchg_64", "be16", "/*", "//", "\u{e9}", "\n", "@", ".8byte",
        ]
        for _ in 0..<4_000 {
            var text = ""
            for _ in 0..<8 {
                state ^= state << 13
                state ^= state >> 7
                state ^= state << 17
                text += pieces[Int(state % UInt64(pieces.count))] + (state & 256 == 0 ? " " : "")
            }
            _ = try? Assembler.assemble(text)
        }
    }
}
