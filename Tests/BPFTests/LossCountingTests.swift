// SPDX-License-Identifier: Apache-2.0

import BPF
import BPFObject
import Bytes
import Glibc
import Linux
import TestSupport
import Testing

@Suite("Lost records are counted", .enabled(if: KernelAccess.isAvailable, "needs root and bpf(2)"))
struct LossCountingTests {
    /// Sends a record for each call of getppid(2) of one thread, in one of several ways.
    private static func source(_ body: String) -> String {
        """
        struct { __uint(type, 27); __uint(max_entries, 4096); } events SEC(".maps"), others SEC(".maps");
        struct dynptr { u64 words[2]; } __attribute__((aligned(8)));
        static long (*reserve_dynptr)(void *, u32, u64, struct dynptr *) = (void *) 198;
        static void (*submit_dynptr)(struct dynptr *, u64) = (void *) 199;
        const volatile u32 target = 0;
        u64 attempts;
        static __noinline long send(void *ring, u64 value) { return bpf_ringbuf_output(ring, &value, sizeof(value), 0); }
        SEC("tracepoint/syscalls/sys_enter_getppid") int count(void *ctx) {
            if ((u32) bpf_get_current_pid_tgid() != target) return 0;
            u64 number = attempts++;
            \(body)
            return 0;
        }
        char LICENSE[] SEC("license") = "GPL";
        """
    }

    private static let ways: [(name: String, body: String, minimum: KernelVersion)] = [
        (
            "reserve",
            """
            u64 *record = bpf_ringbuf_reserve(&events, sizeof(*record), 0);
            if (!record) return 0;
            *record = number;
            bpf_ringbuf_submit(record, 0);
            """, "5.8"
        ),
        ("output", "bpf_ringbuf_output(&events, &number, sizeof(number), 0);", "5.8"),
        // Two callers, so that the compiler cannot move the ring buffer into the subprogram.
        ("a subprogram", "if (number == ~0ULL) send(&others, number); else send(&events, number);", "5.8"),
        (
            "dynamic pointers",
            """
            struct dynptr pointer;
            reserve_dynptr(&events, 8, 0, &pointer);
            submit_dynptr(&pointer, 0);
            """, "5.19"
        ),
    ]

    // The way that this kernel lacks is no case of the test.
    @Test(
        "attempts are what was read and what was lost, exactly",
        arguments: ways.filter { KernelVersion.current >= $0.minimum }.map(\.name))
    func exact(name: String) throws {
        let way = try #require(Self.ways.first { $0.name == name })
        var spec = try ObjectSpec(CompiledC.object(Self.source(way.body)), name: "loss")
        try spec.setVariable("target", to: UInt32(Processes.currentThread))
        let object = try LoadedObject(spec)
        var ring = try RingBuffer(object.map(named: "events"))
        let link = try object.program(named: "count").attach()
        #expect(object.lostRecords == 0)
        for _ in 0..<1000 { _ = getppid() }
        // Half-way the reader makes room, so that losing and keeping alternate.
        var read = ring.drain { _ in }
        for _ in 0..<1000 { _ = getppid() }
        link.detach()
        read += ring.drain { _ in }
        let attempts = try OwnedBytes(object.bytes(ofVariable: "attempts")).span.integer(
            at: 0, as: UInt64.self, order: .host)
        #expect(attempts == 2000)
        #expect(read > 400 && read < 600)
        #expect(Int(object.lostRecords) + read == 2000)
        #expect(object.lostRecords(of: "others") == 0)
        // A subprogram that is called with a ring buffer does not say which one it is.
        let named = object.lostRecords(of: name == "a subprogram" ? nil : "events")
        #expect(named == object.lostRecords)
    }

    @Test("what is not asked for is not counted, and no map is added to an object's")
    func optional() throws {
        let way = Self.ways[0]
        var spec = try ObjectSpec(CompiledC.object(Self.source(way.body)), name: "loss")
        try spec.setVariable("target", to: UInt32(Processes.currentThread))
        var options = LoadOptions()
        options.countsLostRecords = false
        let object = try LoadedObject(spec, options: options)
        let counting = try LoadedObject(spec)
        #expect(object.maps.map(\.name) == counting.maps.map(\.name))
        let link = try object.program(named: "count").attach()
        for _ in 0..<1000 { _ = getppid() }
        link.detach()
        #expect(object.lostRecords == 0)
    }

    @Test("calls from callbacks are counted", .enabled(if: KernelVersion.current >= "5.13", "needs Linux 5.13"))
    func callbacks() throws {
        var spec = try ObjectSpec(
            CompiledC.object(
                """
                struct { __uint(type, 27); __uint(max_entries, 4096); } events SEC(".maps");
                struct { __uint(type, 2); __uint(max_entries, 50); __type(key, u32); __type(value, u64); } table SEC(".maps");
                const volatile u32 target = 0;
                static long each(void *map, u32 *key, u64 *value, void *ctx) {
                    bpf_ringbuf_output(&events, value, sizeof(*value), 0);
                    return 0;
                }
                SEC("tracepoint/syscalls/sys_enter_getppid") int count(void *ctx) {
                    if ((u32) bpf_get_current_pid_tgid() != target) return 0;
                    bpf_for_each_map_elem(&table, each, 0, 0);
                    return 0;
                }
                char LICENSE[] SEC("license") = "GPL";
                """), name: "callback")
        try spec.setVariable("target", to: UInt32(Processes.currentThread))
        let object = try LoadedObject(spec)
        var ring = try RingBuffer(object.map(named: "events"))
        let link = try object.program(named: "count").attach()
        for _ in 0..<20 { _ = getppid() }
        link.detach()
        let read = ring.drain { _ in }
        #expect(read > 0)
        #expect(Int(object.lostRecords(of: "events")) + read == 1000)
    }
}
