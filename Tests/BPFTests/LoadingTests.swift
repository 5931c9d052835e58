// SPDX-License-Identifier: Apache-2.0

import BPF
import BPFObject
import Bytes
import Diagnostics
import Glibc
import TestSupport
import Testing

@Suite("Objects are loaded into this machine's kernel", .enabled(if: KernelAccess.isAvailable, "needs root and bpf(2)"))
struct LoadingTests {
    @Test("a tracepoint program counts the system calls of this process and of nobody else")
    func tracepoint() throws {
        var spec = try ObjectSpec(
            CompiledC.object(
                """
                const volatile u32 target = 0;
                u64 calls;
                struct { __uint(type, 1); __uint(max_entries, 16); __type(key, u32); __type(value, u64); } by_thread SEC(".maps");
                SEC("tracepoint/syscalls/sys_enter_getppid") int count(void *ctx) {
                    u64 id = bpf_get_current_pid_tgid();
                    if (id >> 32 != target) return 0;
                    u32 thread = id; u64 one = 1;
                    u64 *known = bpf_map_lookup_elem(&by_thread, &thread);
                    if (known) *known += 1; else bpf_map_update_elem(&by_thread, &thread, &one, 0);
                    calls += 1;
                    return 0;
                }
                char LICENSE[] SEC("license") = "GPL";
                """), name: "count")
        try spec.setVariable("target", to: UInt32(getpid()))
        let object = try LoadedObject(spec)
        let link = try object.program(named: "count").attach()
        for _ in 0..<1000 { _ = getppid() }
        link.detach()
        _ = getppid()
        let calls = try object.bytes(ofVariable: "calls")
        #expect(OwnedBytes(calls).span.integer(at: 0, as: UInt64.self, order: .host) == 1000)
        let threads = try Map<UInt32, UInt64>(object.map(named: "by_thread")).entries()
        #expect(threads.map(\.value) == [1000])
        #expect(throws: BPFError.self) { try Map<UInt32, UInt32>(object.map(named: "by_thread")) }
    }

    @Test("a rejected program is explained at its source line")
    func rejection() throws {
        let spec = try ObjectSpec(
            CompiledC.object(
                """
                struct { __uint(type, 1); __uint(max_entries, 16); __type(key, u32); __type(value, u64); } counts SEC(".maps");
                SEC("tracepoint/syscalls/sys_enter_getppid") int unchecked(void *ctx) {
                    u32 key = 0;
                    u64 *value = bpf_map_lookup_elem(&counts, &key);
                    *value += 1;
                    return 0;
                }
                char LICENSE[] SEC("license") = "GPL";
                """), name: "bad")
        do {
            _ = try LoadedObject(spec)
            Issue.record("the verifier accepted it")
        } catch {
            #expect(error.code == .rejected)
            #expect(error.report.contains("test.bpf.c:5"), "\(error.report)")
            #expect(error.report.contains("*value += 1;"))
            #expect(error.report.contains("R0 is a pointer to a map value of 8 bytes, or NULL"))
            #expect(error.hint == "compare the pointer with NULL before you use it")
        }
    }
}
