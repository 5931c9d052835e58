// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Linux

@Suite("What /proc tells of a map")
struct MapStatusTests {
    @Test("sizes, flags, memory and whether it is frozen are read")
    func read() throws {
        let status = try MapDescriptorStatus(
            text: """
                pos:\t0
                flags:\t02000002
                map_type:\t30
                key_size:\t0
                value_size:\t4
                max_entries:\t1000
                map_flags:\t0x80
                map_extra:\t0x3
                memlock:\t2496
                map_id:\t17
                frozen:\t1
                """, path: "")
        #expect(status.kind == 30 && status.valueSize == 4 && status.maxEntries == 1000)
        #expect(status.flags == 0x80 && status.extra == 3 && status.memoryBytes == 2496 && status.isFrozen)
    }

    @Test("another descriptor is no map")
    func other() {
        #expect(throws: LinuxError.self) { try MapDescriptorStatus(text: "pos:\t0\nflags:\t02\nnonsense", path: "") }
        #expect(throws: LinuxError.self) { try MapDescriptorStatus(text: "map_type:\t-1\n", path: "") }
    }
}
