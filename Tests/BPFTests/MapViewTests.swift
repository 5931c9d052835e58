// SPDX-License-Identifier: Apache-2.0

import BPF
import Testing

@Suite("Keys and shapes of maps")
struct MapViewTests {
    @Test("the bits of a prefix past its length do not count")
    func prefix() {
        let key = PrefixKey(bytes: [10, 255, 255, 255], length: 12)
        #expect(key.bytes == [10, 240, 0, 0])
        #expect(key == PrefixKey(bytes: [10, 241, 7, 7], length: 12))
        #expect("\(key)" == "10.240.0.0/12")
        #expect(PrefixKey(bytes: [1, 2, 3, 4], length: 99).length == 32)
        #expect(PrefixKey(bytes: [1, 2, 3, 4], length: 0).bytes == [0, 0, 0, 0])
        #expect("\(PrefixKey(bytes: [0x20, 1, 0xd, 0xb8], length: 32))" == "32.1.13.184/32")
    }

    @Test("a map of another kind or size is refused before anything happens", .enabled(if: mayLoadPrograms))
    func wrongKind() throws {
        let hash = try UntypedMap.make(
            MapSpec(name: "hash", kind: .hash, keySize: 4, valueSize: 8, maximumEntries: 4))
        #expect(throws: BPFError.self) { try MapQueue<UInt64>(hash) }
        #expect(throws: BPFError.self) { try BloomFilter<UInt64>(hash) }
        #expect(throws: BPFError.self) { try PrefixTrie<UInt64>(hash) }
        #expect(throws: BPFError.self) { try ObjectStorage<UInt64>(hash) }
        #expect(throws: BPFError.self) { _ = try UserRingBuffer(hash) }
        #expect(throws: BPFError.self) { try hash.pop() }
        #expect(throws: BPFError.self) { try hash.memory() }
        #expect(throws: BPFError.self) { try hash.setDevice("lo", for: 1) }
        #expect(throws: BPFError.self) { try hash.setMap(hash, for: [0, 0, 0, 0]) }
        let queue = try UntypedMap.make(
            MapSpec(name: "queue", kind: .queue, keySize: 0, valueSize: 8, maximumEntries: 4))
        #expect(throws: BPFError.self) { try MapQueue<UInt32>(queue) }
        let error = try #require(#expect(throws: BPFError.self) { try queue.entries() })
        #expect(error.message == "the queue map queue has no list of keys")
        try queue.clear()
    }

    @Test("a map that is not there is told as such", .enabled(if: mayLoadPrograms))
    func missing() throws {
        let byNumber = try #require(#expect(throws: BPFError.self) { try UntypedMap(id: 0x7fff_fff0) })
        #expect(byNumber.code == .notFound)
        let byPath = try #require(#expect(throws: BPFError.self) { try UntypedMap(pinnedAt: "/tmp/no-such-map") })
        #expect(byPath.code == .notFound)
    }
}
