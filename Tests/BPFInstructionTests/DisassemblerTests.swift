// SPDX-License-Identifier: Apache-2.0

import Bytes
import Linux
import TestSupport
import Testing

@testable import BPFInstruction

@Suite("Disassembler")
struct DisassemblerTests {
    @Test("the listing carries symbols, source lines and remarks")
    func annotations() throws {
        let code = try Assembler.assemble("r1 = 5 ll\ncall 1\nexit")
        let listing = Disassembler().listing(of: code) { slot, operation in
            if case .callHelper(let id)? = operation {
                return InstructionAnnotation(remark: HelperTable.helper(id: id)?.name)
            }
            return slot == 0 ? InstructionAnnotation(symbol: "main", source: ["x = 5;\nbad"]) : nil
        }
        #expect(
            listing == """
                <main>:
                ; x = 5; bad
                       0: r1 = 5 ll
                       2: call 1 ; bpf_map_lookup_elem
                       3: exit

                """)
        #expect(try Assembler.assemble(listing) == code)
    }

    @Test("the kernel's style is that of the verifier's log")
    func kernelStyle() throws {
        let code = try Assembler.assemble(
            """
            r1 = *(u64 *)(r2 - 8)
            if w1 s< -1 goto +2
            call 1
            call pc+3
            r1 = 0x1122334455 ll
            lock *(u32 *)(r1 + 4) |= w2
            r0 = cmpxchg_64(r1 + 0, r0, r2)
            r1 s>>= 3
            """)
        #expect(
            Disassembler(style: .kernel).lines(of: code).map(\.text) == [
                "r1 = *(u64 *)(r2 -8)", "if w1 s< 0xffffffff goto pc+2", "call bpf_map_lookup_elem#1", "call pc+3",
                "r1 = 0x1122334455", "lock *(u32 *)(r1 +4) |= r2", "r0 = atomic64_cmpxchg((u64 *)(r1 +0), r0, r2)",
                "r1 s>>= 3",
            ])
    }

    /// One of each instruction, in LLVM's spelling for the newest instruction set.
    private static let everything = """
        w0 = *(u32 *)(r1 + 8)
        r0 = *(s32 *)(r1 - 8)
        r0 = *(u64 *)(r1 + 8)
        *(u16 *)(r1 + 8) = w2
        *(u16 *)(r1 + 8) = 5
        if r1 s> 5 goto +3
        if w1 & w2 goto -3
        goto +1
        gotol +1
        may_goto +1
        lock *(u64 *)(r1 + 0) += r2
        lock *(u32 *)(r1 + 0) ^= w2
        r2 = atomic_fetch_add((u64 *)(r1 + 0), r2)
        w2 = atomic_fetch_xor((u32 *)(r1 + 4), w2)
        r2 = xchg_64(r1 + 0, r2)
        w2 = xchg32_32(r1 + 0, w2)
        r0 = cmpxchg_64(r1 + 0, r0, r2)
        w0 = cmpxchg32_32(r1 + 0, w0, w2)
        r1 = load_acquire((u64 *)(r2 - 8))
        w1 = load_acquire((u8 *)(r2 + 8))
        store_release((u64 *)(r1 + 0), r2)
        store_release((u16 *)(r1 + 0), w2)
        r1 = 5 ll
        r1 = -5 ll
        r1 = -5
        w1 s/= 3
        r1 s%= r2
        w1 /= w2
        r1 = (s8)r2
        w1 = (s16)w2
        r1 = -r1
        w1 = -w1
        r1 = be16 r1
        r1 = le64 r1
        r1 = bswap32 r1
        r1 = addr_space_cast(r2, 0, 1)
        r0 = *(u16 *)skb[12]
        r0 = *(u16 *)skb[r1]
        callx r3
        call 5
        r1 s>>= 3
        w3 ^= -1
        exit
        """

    @Test(
        "bytes and text are those of clang and llvm-objdump",
        .enabled(if: CompiledC.isPossible && Tool.objdump != nil, "needs clang and llvm-objdump with a BPF target"))
    func sameAsLLVM() throws {
        let folder = try TemporaryFolder(prefix: "skep-test")
        defer { folder.remove() }
        let (source, object) = ("\(folder.path)/all.s", "\(folder.path)/all.o")
        try Files.write(Array("\t.text\n\(Self.everything)\n".utf8), to: source)
        _ = try CompiledC.run(CompiledC.clang, ["--target=bpfel", "-mcpu=v4", "-c", source, "-o", object])
        let listing = try CompiledC.run(
            try #require(Tool.objdump), ["-d", "--no-print-imm-hex", "--mcpu=v4", object])

        let ours = try Assembler.assemble(Self.everything)
        // LLVM's listing: index, bytes and text with tabs between; jumps name their target.
        var bytes: [UInt8] = []
        var texts: [String] = []
        for line in listing.split(separator: "\n") {
            let fields = line.split(separator: "\t")
            guard fields.count == 3 else { continue }
            bytes += fields[1].split(separator: " ").compactMap { UInt8($0, radix: 16) }
            texts.append(fields[2].split(separator: " <", maxSplits: 1).first.map(String.init) ?? "")
        }
        #expect(bytes == Instruction.encode(ours, order: .little))
        // Loads and stores of less than 64 bits are spelled w or r, depending on the instruction set asked for.
        let printed = Disassembler().lines(of: ours).map(\.text)
        let wide = texts.map { text in
            if text.hasPrefix("w"), text.contains("= *(u") { return "r" + text.dropFirst() }
            if text.hasPrefix("*("), let place = text.lastIndex(of: "w") {
                return text[..<place] + "r" + text[text.index(after: place)...]
            }
            return text
        }
        #expect(printed == wide.map { String($0) })
    }

    @Test(
        "what clang compiles is printed as llvm-objdump prints it",
        .enabled(if: CompiledC.isPossible && Tool.objdump != nil, "needs clang and llvm-objdump with a BPF target"),
        arguments: ["v1", "v2", "v3", "v4"])
    func compiledCode(version: String) throws {
        let folder = try TemporaryFolder(prefix: "skep-test")
        defer { folder.remove() }
        let (object, binary) = ("\(folder.path)/code.o", "\(folder.path)/code.bin")
        let source = """
            long f(long *p, int n, short *q, unsigned char c) {
                long sum = 0;
                for (int i = 0; i < n; i++) {
                    sum += p[i] * q[i] ^ (c << i);
                    if (sum < -5 || (unsigned long)sum > 0x123456789aUL) sum = __builtin_bswap64(sum) / (unsigned)n;
                    q[i] = sum;
                }
                __sync_fetch_and_add(p, sum);
                return sum;
            }
            """
        try Files.write(
            CompiledC.compile(source, ["--target=bpfel", "-O2", "-mcpu=\(version)", "-c"]).array, to: object)
        _ = try CompiledC.run(try #require(Tool.objcopy), ["-O", "binary", "-j", ".text", object, binary])
        let bytes = try Files.read(binary)
        let code = try Instruction.decode(OwnedBytes(bytes).span, order: .little)
        #expect(code.count > 20)
        #expect(Disassembler().lines(of: code).allSatisfy { $0.error == nil })
        #expect(try Assembler.assemble(Disassembler().listing(of: code)) == code)
    }
}

/// The compiler's tools.
enum Tool {
    static let objdump = CompiledC.tool("llvm-objdump", variable: "LLVM_OBJDUMP")
    static let objcopy = CompiledC.tool("llvm-objcopy", variable: "LLVM_OBJCOPY")
}
