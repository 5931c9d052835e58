// SPDX-License-Identifier: Apache-2.0

import Linux
import Testing

@testable import BPF

/// Where the values of static probes are, from the texts that compilers write for two machines.
@Suite("Values of static probes") struct StaticProbeTests {
    private typealias Argument = StaticProbeArgument

    @Test("x86-64: constants, registers of all widths, memory, memory at two registers")
    func intel() throws {
        let values = try Argument.parse(
            "-4@$-7 8@$0xffffffffffffffff 1@%sil -2@%r9w 8@%r15 4@(%rax) -8@-0x20(%rbp) 8@16(%rdi,%rcx,8) 2@(%r12,%rbx)",
            for: .x86
        ).get()
        #expect(values.map(\.size) == [4, 8, 1, 2, 8, 4, 8, 8, 2])
        #expect(values.map(\.isSigned) == [true, false, false, true, false, false, true, false, false])
        // Offsets in struct pt_regs of arch/x86: r15 r14 r13 r12 bp bx r11 r10 r9 r8 ax cx dx si di, 8 bytes each.
        #expect(
            values.map(\.place) == [
                .constant(-7), .constant(-1), .register(104), .register(64), .register(0),
                .memory(register: 80, distance: 0), .memory(register: 32, distance: -32),
                .indexed(register: 112, index: 88, shift: 3, distance: 16),
                .indexed(register: 24, index: 40, shift: 0, distance: 0),
            ])
    }

    @Test("x86-64: every general register has its place in struct pt_regs")
    func intelRegisters() throws {
        let order = [
            "r15", "r14", "r13", "r12", "rbp", "rbx", "r11", "r10", "r9", "r8", "rax", "rcx", "rdx", "rsi", "rdi",
        ]
        for (index, name) in order.enumerated() {
            #expect(try Argument.parse("8@%\(name)", for: .x86).get().first?.place == .register(index * 8), "\(name)")
        }
        // Behind them are orig_ax, ip, cs, flags and sp.
        #expect(try Argument.parse("8@%rsp", for: .x86).get().first?.place == .register(19 * 8))
    }

    @Test("arm64: spaces inside brackets belong to a value")
    func arm() throws {
        let values = try Argument.parse(
            "-4@w3 8@x30 8@77 4@[sp, 12] 8@[x19] -8@[x0, #-16] 1@[x1,x2] 8@[x1, x2, lsl #3]", for: .arm64
        )
        .get()
        #expect(
            values.map(\.place) == [
                .register(24), .register(240), .constant(77), .memory(register: 248, distance: 12),
                .memory(register: 152, distance: 0), .memory(register: 0, distance: -16),
                .indexed(register: 8, index: 16, shift: 0, distance: 0),
                .indexed(register: 8, index: 16, shift: 3, distance: 0),
            ])
        #expect(values.map(\.isSigned) == [true, false, false, false, false, true, false, false])
    }

    @Test(
        "what is not understood is named, and not guessed",
        arguments: [
            "8@", "@%rax", "3@%rax", "8@%xmm0", "8@%r16", "8@symbol(%rip)", "8@(%rax,%rcx,3)", "8@(%rax,%rcx,8,9)",
            "8@rax",
            "8@$", "8@-(%rax)", "99999999999999999999@%rax", "8@%r8x", "8@(%rax",
        ])
    func unreadable(text: String) {
        #expect(Argument.parse("4@%eax \(text)", for: .x86) == .failure(.init(text: text)))
    }

    @Test("twelve values are the most that a program can be told of")
    func limit() throws {
        let text = (0..<12).map { "8@$\($0)" }.joined(separator: " ")
        #expect(try Argument.parse(text, for: .x86).get().count == 12)
        #expect(throws: (any Error).self) { try Argument.parse(text + " 8@$12", for: .x86).get() }
        #expect(try Argument.parse("", for: .x86).get().isEmpty)
    }
}

/// Patterns of the names of functions.
@Suite("Patterns of names") struct NamePatternTests {
    @Test(
        "a star stands for any text, a question mark for one character",
        arguments: [
            ("vfs_*", "vfs_read", true), ("vfs_*", "vfs_", true), ("vfs_*", "xvfs_read", false), ("*", "", true),
            ("sys_getp?id", "sys_getpgid", true), ("sys_getp?id", "sys_getpid", false), ("a?", "a", false),
            ("*read*", "vfs_readv", true), ("*_read", "vfs_read_read", true), ("a*b*c", "aXbYbZc", true),
            ("a*b*c", "aXbYbZ", false), ("exact", "exact", true), ("exact", "exactly", false), ("", "", true),
            ("", "a", false),
            ("**?", "a", true), ("?*?", "a", false),
        ])
    func matches(pattern: String, name: String, expected: Bool) {
        #expect(NamePattern(pattern).matches(name.utf8) == expected)
        #expect(NamePattern.isPattern(pattern) == (pattern.contains("*") || pattern.contains("?")))
    }

    @Test("many stars do not take forever", .timeLimit(.minutes(1)))
    func hostile() {
        let pattern = NamePattern(String(repeating: "a*", count: 200) + "b")
        #expect(!pattern.matches(String(repeating: "a", count: 20_000).utf8))
    }
}

/// The names of performance events, as perf(1) writes them.
@Suite("Names of performance events") struct PerfEventNameTests {
    @Test(
        "names mean the kernel's numbers",
        arguments: [
            ("cpu-cycles", 0, 0), ("hw:instructions", 0, 1), ("branch-misses", 0, 5), ("ref-cycles", 0, 9),
            ("sw:page-faults", 1, 2), ("context-switches", 1, 3), ("cs", 1, 3), ("task-clock", 1, 1),
            ("L1-dcache-load-misses", 3, 0x10000), ("cache:LLC-stores", 3, 0x102), ("dTLB-loads", 3, 3),
            ("r1a8", 4, 0x1a8),
            ("raw:0x1a8", 4, 0x1a8),
        ] as [(String, UInt32, UInt64)])
    func event(name: String, type: UInt32, configuration: UInt64) {
        #expect(PerfEventName.parse(name) == .event(PerfEventAttributes(type: type, configuration: configuration)))
    }

    @Test("a breakpoint is an address, what is done there, and a length")
    func breakpoint() {
        func attributes(_ text: String) -> [UInt64]? {
            guard case .event(let event)? = PerfEventName.parse(text) else { return nil }
            return [
                UInt64(event.type), event.configuration1, event.configuration2, UInt64(event.breakpointAccess),
            ]
        }
        #expect(attributes("breakpoint:0x601040:rw:8") == [5, 0x601040, 8, 3])
        #expect(attributes("breakpoint:4096") == [5, 4096, 4, 2])
        #expect(attributes("breakpoint:0x1000:x") == [5, 0x1000, 8, 4])
        for wrong in [
            "breakpoint:", "breakpoint:x", "breakpoint:1:wx", "breakpoint:1:w:9", "breakpoint:1::4", "breakpoint:1:q",
        ] {
            #expect(attributes(wrong) == nil, "\(wrong)")
        }
    }

    @Test("tracepoints and units are looked up later")
    func later() {
        #expect(
            PerfEventName.parse("tracepoint:sched:sched_switch") == .tracepoint(category: "sched", name: "sched_switch")
        )
        #expect(PerfEventName.parse("pmu:msr:0x5") == .unit(name: "msr", configuration: 5))
    }

    @Test(
        "other texts are no names",
        arguments: ["", "cycle", "hw:page-faults", "sw:", "r", "rxyz", "a:b:c:d", "L1-dcache-"])
    func unknown(name: String) {
        #expect(PerfEventName.parse(name) == nil)
    }
}
