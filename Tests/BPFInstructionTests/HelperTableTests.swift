// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BPFInstruction

@Suite("Helper table")
struct HelperTableTests {
    @Test("helpers are found by id and by name")
    func lookup() throws {
        let helper = try #require(HelperTable.helper(id: 1))
        #expect(helper.name == "bpf_map_lookup_elem")
        #expect(helper.prototype == "void *bpf_map_lookup_elem(struct bpf_map *map, const void *key)")
        #expect(helper.since == KernelRelease(3, 19))
        #expect(HelperTable.helper(named: "ringbuf_output")?.since == KernelRelease(5, 8))
        #expect(HelperTable.helper(named: "bpf_trace_printk")?.isVariadic == true)
        #expect(HelperTable.helper(named: "bpf_ktime_get_ns")?.parameters.isEmpty == true)
        #expect(HelperTable.helper(id: 0) == nil)
        #expect(HelperTable.helper(id: 212) == nil)
        #expect(HelperTable.helper(id: .min) == nil)
        #expect(HelperTable.helper(id: .max) == nil)
    }

    @Test("the table is whole and in the order of releases")
    func order() {
        #expect(HelperTable.all.count == 211)
        #expect(HelperTable.all.last?.name == "bpf_cgrp_storage_delete")
        #expect(zip(HelperTable.all, HelperTable.all.dropFirst()).allSatisfy { $0.since <= $1.since })
        #expect(Set(HelperTable.all.map(\.name)).count == 211)
        #expect(HelperTable.all.allSatisfy { $0.parameters.count <= 5 })
    }
}
