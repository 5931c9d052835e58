// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Bytes
import TestSupport
import Testing

@Suite("Tables of functions are read and edited")
struct StructOpsTests {
    private func spec() throws -> ObjectSpec {
        try ObjectSpec(
            CompiledC.object(
                """
                struct scheduler_ops { void (*start)(void); void (*stop)(void); u32 flags; char name[12]; };
                SEC("struct_ops/start") int start(void *ctx) { return 0; }
                static int __attribute__((section("struct_ops"), used)) stop(void *ctx) { return 0; }
                SEC(".struct_ops") struct scheduler_ops plain = { .start = (void *)start, .flags = 3, .name = "plain" };
                SEC("?.struct_ops.link") struct scheduler_ops first = { .stop = (void *)stop };
                SEC("?.struct_ops.link") struct scheduler_ops second = { .start = (void *)start, .stop = (void *)stop };
                char LICENSE[] SEC("license") = "GPL";
                """), name: "tables")
    }

    @Test("each table is a map with its functions, and its section says how it is registered")
    func reading() throws {
        let spec = try spec()
        let plain = try #require(spec.map(named: "plain"))
        #expect(plain.kind == .structOps && plain.isCreatedByDefault)
        #expect(plain.structOps?.isLinked == false)
        #expect(plain.structOps?.functions == [0: "start"])
        #expect(plain.structOps?.contents[16] == 3)
        let first = try #require(spec.map(named: "first"))
        #expect(first.structOps?.isLinked == true && !first.isCreatedByDefault)
        #expect(first.structOps?.functions == [8: "stop"])
        #expect(spec.map(named: "second")?.structOps?.functions == [0: "start", 8: "stop"])
    }

    @Test("members are set before loading, and a wrong name, size or program is told")
    func editing() throws {
        var spec = try spec()
        try spec.setMember("flags", ofStructOps: "plain", to: 0x0102_0304 as UInt32)
        #expect(spec.map(named: "plain")?.structOps?.contents[16..<20] == [4, 3, 2, 1])
        try spec.setFunction("stop", ofStructOps: "plain", to: "stop")
        try spec.setFunction("start", ofStructOps: "plain", to: nil)
        #expect(spec.map(named: "plain")?.structOps?.functions == [8: "stop"])
        #expect(throws: ObjectError.self) { try spec.setMember("flags", ofStructOps: "plain", to: 1 as UInt8) }
        #expect(throws: ObjectError.self) { try spec.setMember("colour", ofStructOps: "plain", to: 1 as UInt32) }
        #expect(throws: ObjectError.self) { try spec.setFunction("stop", ofStructOps: "plain", to: "nobody") }
    }
}
