// SPDX-License-Identifier: Apache-2.0

import BPFObject
import BTF
import Bytes
import Diagnostics
import ELF
import Glibc
import Linux
import TestSupport
import Testing

@Suite("Objects are linked into one")
struct LinkingTests {
    private static let first = """
        struct shared { int x; struct shared *next; struct other *o; };
        struct { __uint(type, 2); __uint(max_entries, 4); __type(key, u32); __type(value, struct shared); } one SEC(".maps");
        extern struct { __uint(type, 1); __uint(max_entries, 16); __type(key, u32); __type(value, u64); } two
            __attribute__((section(".maps")));
        extern int LINUX_KERNEL_VERSION __kconfig;
        int counter = 5;
        static int own = 7;
        const volatile int limit = 3;
        long zeros[4];
        extern int helper(int a, struct shared *s);
        __weak int fallback(int a) { return a + 1; }
        static __noinline int local(int a) { own += a; return bpf_ktime_get_ns() + a; }
        __attribute__((btf_decl_tag("note"))) __noinline int tagged(int a) { return a * 3 + bpf_ktime_get_ns(); }
        SEC("raw_tp/sys_enter") int enter(void *ctx) {
            u32 k = 1;
            struct shared *s = bpf_map_lookup_elem(&one, &k);
            if (!s) return 0;
            zeros[1]++;
            if (bpf_map_lookup_elem(&two, &k)) counter++;
            return helper(limit, s) + fallback(2) + local(3) + tagged(1) + own + LINUX_KERNEL_VERSION;
        }
        char LICENSE[] SEC("license") = "GPL";
        """
    private static let second = """
        struct other { int z; };
        struct shared { int x; struct shared *next; struct other *o; };
        struct { __uint(type, 1); __uint(max_entries, 16); __type(key, u32); __type(value, u64); } two SEC(".maps");
        extern int counter;
        extern int LINUX_KERNEL_VERSION __kconfig;
        static int own = 9;
        static long zero;
        struct task_struct { int pid; } __preserve;
        static __noinline int local(int a) { own += a; return bpf_ktime_get_ns() * a; }
        int fallback(int a) { return a + 100; }
        int helper(int a, struct shared *s) { zero += a; counter += 2; if (s) a += s->x; return local(a) + own + zero; }
        SEC("raw_tp/sys_enter") int leave(struct task_struct *ctx) {
            u32 k = 1;
            u64 v = LINUX_KERNEL_VERSION;
            bpf_map_update_elem(&two, &k, &v, 0);
            static const char fmt[] = "%d";
            bpf_trace_printk(fmt, sizeof fmt, ctx->pid);
            return local(3);
        }
        char LICENSE[] SEC("license") = "GPL";
        """

    private static func link(_ sources: [String], target: String = "bpf") throws -> OwnedBytes {
        var linker = ObjectLinker()
        for (index, source) in sources.enumerated() {
            try linker.add(try CompiledC.object(source, target: target), name: "\(index).o")
        }
        return OwnedBytes(try linker.link())
    }

    /// A symbol as far as it does not depend on the order of the table.
    private static func symbols(_ file: ELFFile) throws -> [String] {
        try file.symbols().dropFirst().map { symbol in
            let home = symbol.sectionIndex.map { file.sections[$0].name } ?? "-"
            return "\(symbol.name) \(home) \(symbol.value) \(symbol.size) \(symbol.type) \(symbol.binding) "
                + "\(symbol.visibility)"
        }.sorted()
    }

    private static func relocations(_ file: ELFFile) throws -> [String] {
        let symbols = try file.symbols()
        return try file.sections.flatMap { section in
            try file.relocations(of: section).map { relocation in
                let symbol = symbols[relocation.symbolIndex]
                let home = symbol.sectionIndex.map { file.sections[$0].name } ?? "-"
                return "\(section.name) \(relocation.offset) \(relocation.type) \(symbol.name) \(home) \(symbol.value)"
            }
        }
    }

    private static func names(_ table: BTFTable) throws -> Set<String> {
        var names: Set<String> = []
        for id in table.ownTypeIDs {
            names.insert("\(try table.type(id).kind.map { "\($0)" } ?? "") \(try table.name(id))")
        }
        return names
    }

    private struct Entry {
        let name: String
        let offset: UInt32
        let size: UInt32
        var nameAndSize: String { "\(name) \(size)" }
    }

    /// Names, offsets and sizes of the variables of each data section.
    private static func dataSections(_ table: BTFTable) throws -> [String: [Entry]] {
        var sections: [String: [Entry]] = [:]
        for id in table.ownTypeIDs {
            guard case .dataSection(let section) = try table.type(id) else { continue }
            sections[section.name] = try section.variables.map {
                Entry(name: try table.name($0.type), offset: $0.offset, size: $0.size)
            }
        }
        return sections
    }

    private static let bpftool = ["/usr/sbin/bpftool", "/usr/bin/bpftool"].first { (path: String) in
        access(path, X_OK) == 0
    }

    @Test("Static variables of one name keep their places and types")
    func sameNames() throws {
        let sources = [
            "static int own = 7; SEC(\"xdp\") int first(void *ctx) { return own++; }",
            "static long own = 9; SEC(\"xdp\") int second(void *ctx) { return own++; }",
        ]
        let spec = try ObjectSpec(try Self.link(sources), name: "linked")
        let table = try #require(spec.types)
        let own = spec.variables.filter { $0.name == "own" }
        #expect(own.map(\.offset) == [0, 8])
        #expect(try own.map { try table.name(try #require($0.type)) } == ["int", "long"])
        // What the kernel is given says the same, or it would refuse all types.
        let loadable = try BTFTable(OwnedBytes(try #require(try LoadableTypes(of: spec, lacking: [])).bytes))
        let section = try #require(try Self.dataSections(loadable)[".data"])
        #expect(section.map(\.offset) == [0, 8] && section.map(\.size) == [4, 8])
    }

    @Test("Files may know different parts of a structure that a declared function takes a pointer to")
    func partialStructures() throws {
        let use = "SEC(\"tp_btf/x\") int %(struct task_struct *task) { release(task); return task->pid; }"
        let declare = "extern void release(struct task_struct *task) __ksym; "
        let sources = [
            "struct task_struct { int flags; int pid; struct task_struct *parent; } __preserve; \(declare)\(use)",
            "struct task_struct { int pid; } __preserve; \(declare)\(use)",
        ].enumerated().map { $1.replacing("%", with: "use\($0)") }
        let spec = try ObjectSpec(try Self.link(sources), name: "linked")
        #expect(spec.programs.map(\.name) == ["use0", "use1"])
        #expect(spec.externals.map(\.name) == ["release"])
    }

    @Test("Code, data, symbols, relocations and types are those of bpftool", .enabled(if: bpftool != nil, "no bpftool"))
    func peer() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let sources = [Self.first, Self.second]
        var paths: [String] = []
        for (index, source) in sources.enumerated() {
            let path = "\(folder.path)/\(index).o"
            try Files.write(try CompiledC.object(source).array, to: path)
            paths.append(path)
        }
        let output = "\(folder.path)/linked.o"
        let result = try ChildProcess.run(try #require(Self.bpftool), ["gen", "object", output] + paths)
        let isSuccess = result.isSuccess
        try #require(isSuccess, "\(String(decoding: result.errors, as: UTF8.self))")
        let theirs = try ELFFile(OwnedBytes(try Files.read(output)))
        let ours = try ELFFile(try Self.link(sources))
        for section in theirs.sections where section.isAllocated {
            let own = try #require(ours.section(named: section.name), "\(section.name)")
            #expect(own.size == section.size, "\(section.name)")
            #expect(own.flags == section.flags, "\(section.name)")
            #expect(try ours.contents(of: own).array == theirs.contents(of: section).array, "\(section.name)")
        }
        #expect(ours.sections.filter(\.isAllocated).count == theirs.sections.filter(\.isAllocated).count)
        #expect(try Self.symbols(ours) == Self.symbols(theirs))
        #expect(try Self.relocations(ours) == Self.relocations(theirs))
        func table(_ file: ELFFile) throws -> BTFTable {
            try BTFTable(try file.contents(of: try #require(file.section(named: ".BTF"))))
        }
        let (own, other) = (try table(ours), try table(theirs))
        #expect(try Self.names(own) == Self.names(other))
        #expect(
            try Self.dataSections(own).mapValues { Set($0.map(\.nameAndSize)) }
                == Self.dataSections(other).mapValues { Set($0.map(\.nameAndSize)) })
        // Offsets are those of the symbols; bpftool before 7.2 leaves those of maps that were declared first at 0.
        for symbol in try ours.symbols() where symbol.type == .object && symbol.binding == .global {
            guard let home = symbol.sectionIndex.map({ ours.sections[$0].name }) else { continue }
            let entry = try #require(Self.dataSections(own)[home]?.first { $0.name == symbol.name })
            #expect(UInt64(entry.offset) == symbol.value, "\(symbol.name)")
        }
        func records(_ file: ELFFile, _ table: BTFTable) throws -> [String] {
            let bytes = try file.contents(of: try #require(file.section(named: ".BTF.ext")))
            let records = try BTFExtension(bytes, table: table)
            return try records.functionInformation.flatMap { section in
                try section.records.map { "\(section.sectionName) \($0.instructionOffset) \(try table.name($0.type))" }
            }
                + records.lineInformation.flatMap { section in
                    try section.records.map {
                        "\(section.sectionName) \($0.instructionOffset) \($0.line) \(try table.string(at: $0.lineOffset))"
                    }
                }
                + records.coreRelocations.flatMap { section in
                    try section.records.map {
                        "\(section.sectionName) \($0.instructionOffset) \(try table.name($0.type)) \($0.accessString)"
                    }
                }
        }
        #expect(try records(ours, own) == records(theirs, other))
    }

    @Test("The linked object has the parts of both, and the strong function", arguments: ["bpfel", "bpfeb"])
    func read(target: String) throws {
        let object = try Self.link([Self.first, Self.second], target: target)
        let spec = try ObjectSpec(object, name: "linked")
        #expect(Set(spec.programs.map(\.name)) == ["enter", "leave"])
        // Each source has a static function of this name.
        #expect(spec.functions["local"] != nil && spec.functions["local.1"] != nil)
        #expect(Set(spec.maps.map(\.name)).isSuperset(of: ["one", "two"]))
        let file = try ELFFile(object)
        let fallback = try #require(try file.symbols().first { $0.name == "fallback" })
        #expect(fallback.binding == .global)
        let types = try #require(spec.types)
        #expect(types.ids(named: "shared", kind: .structure).count == 1)
        #expect(types.ids(named: "fallback", kind: .function).count == 1)
        #expect(types.ids(named: "note", kind: .declarationTag).count == 1)
        // What was linked can be linked again.
        var linker = ObjectLinker()
        try linker.add(object, name: "linked.o")
        try linker.add(try CompiledC.object("int more = 1;", target: target), name: "more.o")
        #expect(try ObjectSpec(OwnedBytes(try linker.link()), name: "again").variables.contains { $0.name == "more" })
    }

    @Test("A symbol with two definitions is refused, with the names of both objects")
    func duplicate() throws {
        let error = try #require(throws: ObjectError.self) { try Self.link(["int same = 1;", "int same = 2;"]) }
        #expect(error.report.contains("same"))
        #expect(error.report.contains("0.o") && error.report.contains("1.o"))
    }

    @Test("Objects that contradict each other are refused")
    func contradictions() throws {
        let pairs = [
            ("char l[] SEC(\"license\") = \"GPL\";", "char m[] SEC(\"license\") = \"MIT\";"),
            ("extern int value; int get(void) { return value; }", "long value = 1;"),
            ("extern int call(int a); int get(void) { return call(1); }", "int call(int a, int b) { return a + b; }"),
            ("int a SEC(\"mine\") = 1;", "const int b SEC(\"mine\") = 1;"),
        ]
        for (first, second) in pairs {
            let error = try #require(throws: ObjectError.self, "\(first)") { try Self.link([first, second]) }
            #expect(error.report.contains("0.o") && error.report.contains("1.o"), "\(error.report)")
        }
        var linker = ObjectLinker()
        try linker.add(try CompiledC.object("int a = 1;", target: "bpfel"), name: "little.o")
        let big = try CompiledC.object("int b = 1;", target: "bpfeb")
        #expect(throws: ObjectError.self) { try linker.add(big, name: "big.o") }
        #expect(throws: ObjectError.self) { try ObjectLinker().link() }
    }

    @Test("Truncated and changed objects are refused or linked, and never end the process")
    func hostile() throws {
        let whole = try CompiledC.object(Self.second).array
        let other = try CompiledC.object(Self.first)
        var seed: UInt64 = 1
        for round in 0..<300 {
            var bytes = whole
            if round % 3 == 0 {
                bytes.removeLast(whole.count * (round + 1) / 301)
            } else {
                for _ in 0..<4 {
                    seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    bytes[Int(seed >> 33) % bytes.count] = UInt8(truncatingIfNeeded: seed >> 20)
                }
            }
            do throws(ObjectError) {
                var linker = ObjectLinker()
                try linker.add(other, name: "good.o")
                try linker.add(OwnedBytes(bytes), name: "bad.o")
                #expect(try linker.link().count < 1 << 20)
            } catch {
                #expect(!error.message.isEmpty)
            }
        }
    }
}
