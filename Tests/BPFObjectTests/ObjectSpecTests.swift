// SPDX-License-Identifier: Apache-2.0

import BPFInstruction
import BPFObject
import BTF
import Bytes
import TestSupport
import Testing

@Suite("An object file becomes plain data")
struct ObjectSpecTests {
    @Test("maps, variables, programs and references are read")
    func everyday() throws {
        let bytes = try CompiledC.object(
            """
            struct event { u32 pid; u64 delta; char comm[16]; };
            struct { __uint(type, 1); __uint(max_entries, 1024); __type(key, u32); __type(value, u64); } start SEC(".maps");
            struct { __uint(type, 27); __uint(max_entries, 4096); __type(value, struct event); } events SEC(".maps");
            const volatile u64 min_ns = 5;
            const volatile bool verbose = 0;
            u64 total;
            u32 seeded = 7;
            static __noinline int helper(u32 pid) { u64 *value = bpf_map_lookup_elem(&start, &pid); return value ? 1 : 0; }
            SEC("tracepoint/syscalls/sys_enter_openat")
            int enter(void *ctx) {
                struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
                if (!event) return 0;
                event->pid = bpf_get_current_pid_tgid() >> 32;
                event->delta = min_ns + verbose;
                total += helper(event->pid) + seeded;
                bpf_ringbuf_submit(event, 0);
                return 0;
            }
            SEC("?tp/sched/sched_switch") int other(void *ctx) { return 0; }
            char LICENSE[] SEC("license") = "GPL";
            """)
        let spec = try ObjectSpec(bytes, name: "everyday")
        #expect(spec.license == "GPL")
        #expect(spec.programs.map(\.name) == ["enter", "other"])
        #expect(spec.programs.map(\.section) == ["tracepoint/syscalls/sys_enter_openat", "tp/sched/sched_switch"])
        #expect(spec.programs.map(\.isLoadedByDefault) == [true, false])
        let start = try #require(spec.map(named: "start"))
        #expect(start.kind == .hash && start.keySize == 4 && start.valueSize == 8 && start.maximumEntries == 1024)
        let events = try #require(spec.map(named: "events"))
        #expect(events.kind == .ringBuffer && events.valueSize == 0)
        #expect(try spec.types?.name(events.valueType) == "event")
        #expect(spec.map(named: "everyday.rodata")?.section?.access == .readOnly)
        #expect(Set(spec.variables.map(\.name)).isSuperset(of: ["min_ns", "verbose", "total", "seeded"]))
        #expect(try spec.bytes(ofVariable: "min_ns") == [5, 0, 0, 0, 0, 0, 0, 0])
        #expect(spec.functions["enter"]?.references.contains { $0.target == .map("events") } == true)
        #expect(spec.functions["enter"]?.references.contains { $0.target == .function("helper") } == true)
        let linked = try spec.link(program: "enter")
        #expect(linked.functions.map(\.name) == ["enter", "helper"])
        let call = try #require(linked.instructions.firstIndex { $0.isLocalCall })
        #expect(call + 1 + Int(linked.instructions[call].immediate) == linked.functions[1].start)
    }

    @Test("a variable is set before loading, and a wrong name or size is told")
    func variables() throws {
        var spec = try ObjectSpec(
            CompiledC.object("const volatile u32 pid = 1; SEC(\"xdp\") int p(void *c) { return pid; }"), name: "v")
        try spec.setVariable("pid", to: 42 as UInt32)
        #expect(try spec.bytes(ofVariable: "pid") == [42, 0, 0, 0])
        #expect(throws: ObjectError.self) { try spec.setVariable("pid", to: 42 as UInt64) }
        #expect(throws: ObjectError.self) { try spec.setVariable("nothing", to: 42 as UInt32) }
    }

    @Test("maps of maps know their inner shape and their first slots")
    func mapsOfMaps() throws {
        let spec = try ObjectSpec(
            CompiledC.object(
                """
                struct inner { __uint(type, 2); __uint(max_entries, 4); __type(key, u32); __type(value, u64); };
                struct inner one SEC(".maps"), two SEC(".maps");
                struct { __uint(type, 12); __uint(max_entries, 2); __type(key, u32); __array(values, struct inner); }
                outer SEC(".maps") = { .values = { (void *)&one, (void *)&two } };
                int target(void *c);
                struct { __uint(type, 3); __uint(max_entries, 2); __uint(key_size, 4); __array(values, int (void *)); }
                jumps SEC(".maps") = { .values = { [1] = (void *)&target } };
                SEC("xdp") int target(void *c) { return 1; }
                SEC("xdp") int p(void *c) { u32 key = 0; bpf_tail_call(c, &jumps, 1); return !bpf_map_lookup_elem(&outer, &key); }
                """), name: "nested")
        let outer = try #require(spec.map(named: "outer"))
        #expect(outer.innerMap?.spec.kind == .array && outer.innerMap?.spec.maximumEntries == 4)
        #expect(outer.initialSlots.map(\.name) == ["one", "two"])
        #expect(outer.initialSlots.map(\.index) == [0, 1])
        #expect(spec.map(named: "jumps")?.initialSlots.map(\.name) == ["target"])
        #expect(spec.map(named: "jumps")?.initialSlots.map(\.index) == [1])
    }

    @Test("what the kernel must provide is told apart")
    func externals() throws {
        let spec = try ObjectSpec(
            CompiledC.object(
                """
                extern u32 LINUX_KERNEL_VERSION __kconfig;
                extern int CONFIG_HZ __kconfig __weak;
                extern const int bpf_prog_active __ksym;
                extern const void untyped __ksym __weak;
                extern int bpf_kfunc_like(int value) __ksym __weak;
                SEC("xdp") int p(void *c) {
                    return LINUX_KERNEL_VERSION + CONFIG_HZ + bpf_prog_active + (long) &untyped
                        + (bpf_kfunc_like ? bpf_kfunc_like(1) : 0);
                }
                """), name: "ext")
        let kinds = Dictionary(uniqueKeysWithValues: spec.externals.map { ($0.name, $0) })
        guard case .kernelConfiguration(_, size: 4)? = kinds["LINUX_KERNEL_VERSION"]?.kind else {
            Issue.record("LINUX_KERNEL_VERSION is not of the configuration")
            return
        }
        #expect(kinds["CONFIG_HZ"]?.isWeak == true)
        #expect(kinds["bpf_prog_active"]?.kind == .kernelVariable)
        #expect(kinds["untyped"]?.kind == .kernelVariable)
        #expect(kinds["bpf_kfunc_like"]?.kind == .kernelFunction)
        #expect(spec.functions["p"]?.references.contains { $0.target == .kernelFunction("bpf_kfunc_like") } == true)
    }

    @Test("legacy map definitions in sections of any name are read, with the types that are told beside them")
    func legacyMapSections() throws {
        let spec = try ObjectSpec(
            CompiledC.object(
                """
                struct bpf_map_def { u32 type, key_size, value_size, max_entries, map_flags, more[2]; };
                struct bpf_map_def SEC("maps/one") one = { 1, 4, 8, 16, 0 };
                struct bpf_map_def SEC("lirc_mode2/maps") two = { 2, 4, 4, 32, 0 };
                struct ____btf_map_one { u32 key; u64 value; };
                struct ____btf_map_one SEC(".maps.one") ____btf_map_one = {};
                SEC("socket") int run(void *ctx) {
                    u32 key = 0;
                    return bpf_map_lookup_elem(&one, &key) && bpf_map_lookup_elem(&two, &key);
                }
                """), name: "legacy")
        #expect(spec.maps.map(\.name) == ["one", "two"])
        #expect(spec.maps.map(\.maximumEntries) == [16, 32])
        let one = try #require(spec.map(named: "one"))
        #expect(one.keyType != .void && one.valueType != .void)
        #expect(spec.map(named: "two")?.valueType == .void)
    }

    @Test("values behind the flags of a legacy map definition: pinning is read, others are not passed over")
    func legacyMapsWithMore() throws {
        func read(_ values: String) throws -> MapSpec? {
            let bytes = try CompiledC.object(
                """
                struct bpf_elf_map { u32 type, size_key, size_value, max_elem, flags, id, pinning, inner_id, inner_idx; };
                struct bpf_elf_map SEC("maps") map = { 1, 4, 8, 16, \(values) };
                SEC("classifier") int run(void *ctx) { u32 key = 0; return bpf_map_lookup_elem(&map, &key) != 0; }
                """)
            return try ObjectSpec(bytes, name: "more").map(named: "map")
        }
        #expect(try read("0, 3")?.isPinnedByName == false)
        #expect(try read("0, 3, 1")?.isPinnedByName == true)
        #expect(try read("0, 3, 2")?.isPinnedByName == true)
        for values in ["0, 0, 3", "4, 0, 1", "0, 0, 0, 5"] {
            let error = try #require(throws: ObjectError.self) { try read(values) }
            #expect(error.code == .unsupported && error.message.contains("map map"))
        }
    }

    @Test("static functions that others call are no programs, whatever their section")
    func staticFunctions() throws {
        let spec = try ObjectSpec(
            CompiledC.object(
                """
                static __noinline SEC("tc") int called(void *ctx) { return bpf_ktime_get_ns(); }
                SEC("tc") int first(void *ctx) { return called(ctx); }
                SEC("tc") static int alone(void *ctx) { return 0; }
                """), name: "static")
        #expect(Set(spec.programs.map(\.name)) == ["first", "alone"])
        #expect(try spec.link(program: "first").functions.map(\.name) == ["first", "called"])
    }

    @Test("a function without a size ends where the next one starts")
    func functionsWithoutSize() throws {
        let spec = try ObjectSpec(
            CompiledC.object(
                """
                asm(".section tc,\\\"ax\\\",@progbits; .globl one; .type one,@function; one: r0 = 1; exit;"
                    ".globl two; .type two,@function; two: r0 = 2; r0 += 1; exit;"
                    ".globl none; .type none,@function; none: .text");
                """), name: "sizes")
        #expect(spec.programs.map(\.name) == ["one", "two"])
        #expect(spec.functions["one"]?.instructions.count == 2)
        #expect(spec.functions["two"]?.instructions.count == 3)
    }

    @Test("an exception's callback comes along with the program that names it")
    func exceptionCallback() throws {
        let source = """
            #define callback(name) __attribute__((btf_decl_tag("exception_callback:" #name)))
            __noinline int last(u64 cookie) { return cookie; }
            SEC("tc") callback(last) int with(void *ctx) { return 0; }
            SEC("tc") int without(void *ctx) { return 0; }
            """
        let spec = try ObjectSpec(CompiledC.object(source), name: "exception")
        #expect(spec.functions["with"]?.exceptionCallback == "last")
        #expect(try spec.link(program: "with").functions.map(\.name) == ["with", "last"])
        #expect(try spec.link(program: "without").functions.map(\.name) == ["without"])
        let missing = try CompiledC.object(source.replacing("callback(last)", with: "callback(nothing)"))
        let error = try #require(throws: ObjectError.self) { try ObjectSpec(missing, name: "exception") }
        #expect(error.code == .missing && error.message.contains("nothing"))
    }

    @Test("legacy map definitions are read")
    func legacyMaps() throws {
        let spec = try ObjectSpec(
            CompiledC.object(
                """
                struct bpf_map_def { u32 type, key_size, value_size, max_entries, map_flags; };
                struct bpf_map_def SEC("maps") first = { 1, 4, 8, 16, 0 };
                struct bpf_map_def SEC("maps") second = { 2, 4, 4, 32, 0 };
                SEC("socket") int p(void *c) { u32 key = 0; return !bpf_map_lookup_elem(&first, &key) + !bpf_map_lookup_elem(&second, &key); }
                """), name: "legacy")
        #expect(spec.maps.map(\.name) == ["first", "second"])
        #expect(spec.maps.map(\.maximumEntries) == [16, 32])
        #expect(spec.functions["p"]?.references.map(\.target).contains(.map("second")) == true)
    }

    @Test("a callback's address is a reference to its function")
    func callbacks() throws {
        let spec = try ObjectSpec(
            CompiledC.object(
                """
                struct { __uint(type, 1); __uint(max_entries, 4); __type(key, u32); __type(value, u64); } m SEC(".maps");
                static long each(void *map, u32 *key, u64 *value, void *ctx) { return 0; }
                SEC("tp/sched/sched_switch") int p(void *c) { return bpf_for_each_map_elem(&m, each, 0, 0); }
                """), name: "callback")
        let linked = try spec.link(program: "p")
        #expect(linked.functions.map(\.name) == ["p", "each"])
        let load = try #require(linked.instructions.firstIndex { $0.isFunctionAddressLoad })
        #expect(load + 1 + Int(linked.instructions[load].immediate) == linked.functions[1].start)
    }

    @Test("every truncation of an object is an error or a smaller object, never a trap")
    func truncation() throws {
        let bytes = try CompiledC.object(
            "u64 total; SEC(\"xdp\") int p(void *c) { total++; return 2; } char L[] SEC(\"license\") = \"GPL\";")
        for count in stride(from: 0, to: bytes.count, by: 7) {
            let part = try #require(bytes.slice(offset: 0, count: count))
            _ = try? ObjectSpec(part, name: "cut")
        }
        var random = SystemRandomNumberGenerator()
        for _ in 0..<400 {
            var damaged = bytes.array
            for _ in 0..<4 { damaged[Int.random(in: 0..<damaged.count, using: &random)] = UInt8.random(in: 0...255) }
            if let spec = try? ObjectSpec(OwnedBytes(damaged), name: "damaged") {
                for program in spec.programs { _ = try? spec.link(program: program.name) }
                _ = spec.outputCalls
            }
        }
    }
}
