// SPDX-License-Identifier: Apache-2.0

import Linux
import Testing

@Suite("Maps of the running kernel", .enabled(if: mayUseBPF, "bpf(2) is not permitted here"))
struct MapCommandTests {
    private func makeHash() throws -> FileDescriptor {
        try BPFSystemCall.createMap(
            MapCreation(kind: 1, keySize: 4, valueSize: 8, maxEntries: 64, name: "skep_test"))
    }

    @Test("A value that was written is read, walked to and removed")
    func elements() throws {
        let map = try makeHash()
        #expect(map.rawValue > 2)
        var key: UInt32 = 7
        var value: UInt64 = 42
        #expect(try !BPFSystemCall.lookup(map: map.rawValue, key: &key, value: &value))
        try BPFSystemCall.update(map: map.rawValue, key: &key, value: &value, flags: 1)
        value = 0
        #expect(try BPFSystemCall.lookup(map: map.rawValue, key: &key, value: &value))
        #expect(value == 42)
        var found: UInt32 = 0
        #expect(try BPFSystemCall.nextKey(map: map.rawValue, after: nil, into: &found))
        #expect(found == 7)
        #expect(try !BPFSystemCall.nextKey(map: map.rawValue, after: &key, into: &found))
        do {
            try BPFSystemCall.update(map: map.rawValue, key: &key, value: &value, flags: 1)
            Issue.record("BPF_NOEXIST must refuse a key that is there")
        } catch {
            #expect(error.errno == .exists)
        }
        #expect(try BPFSystemCall.delete(map: map.rawValue, key: &key))
        #expect(try !BPFSystemCall.delete(map: map.rawValue, key: &key))
    }

    @Test("Batches write, read and remove many entries")
    func batches() throws {
        let map = try makeHash()
        let keys: [UInt32] = Array(0..<50)
        let values: [UInt64] = keys.map { UInt64($0) * 3 }
        let written = BPFSystemCall.updateBatch(map: map.rawValue, keys: keys, values: values, count: 50)
        #expect(written.count == 50)
        #expect(written.error == nil)
        var readKeys = [UInt32](repeating: 0, count: 64)
        var readValues = [UInt64](repeating: 0, count: 64)
        var position: UInt64 = 0
        let result = try BPFSystemCall.lookupBatch(
            map: map.rawValue, from: nil, next: &position, keys: &readKeys, values: &readValues, count: 64)
        #expect(result.count == 50)
        #expect(result.isComplete)
        #expect(zip(readKeys, readValues).prefix(50).allSatisfy { UInt64($0) * 3 == $1 })
        let removed = BPFSystemCall.deleteBatch(map: map.rawValue, keys: [1, 2, 1000] as [UInt32], count: 3)
        #expect(removed.count == 2)
        #expect(removed.error?.errno == .noSuchFileOrDirectory)
    }

    @Test("A map tells its shape, its name and its number, and opens by number")
    func information() throws {
        let map = try makeHash()
        let information = try BPFSystemCall.mapInformation(of: map.rawValue)
        #expect(information.kind == 1)
        #expect(information.keySize == 4)
        #expect(information.valueSize == 8)
        #expect(information.maxEntries == 64)
        #expect(information.name == "skep_test")
        let again = try BPFSystemCall.open(.map, id: information.id)
        #expect(try BPFSystemCall.mapInformation(of: again.rawValue) == information)
        #expect(try BPFSystemCall.ids(.map).contains(information.id))
    }

    @Test("A frozen map refuses writes")
    func freeze() throws {
        let map = try BPFSystemCall.createMap(MapCreation(kind: 2, keySize: 4, valueSize: 8, maxEntries: 1))
        try BPFSystemCall.freeze(map: map.rawValue)
        var key: UInt32 = 0
        var value: UInt64 = 1
        #expect(throws: LinuxError.self) {
            try BPFSystemCall.update(map: map.rawValue, key: &key, value: &value)
        }
    }

    @Test("An object is pinned, opened by path and described as before")
    func pinning() throws {
        let folder = "/tmp/skep-test-\(Processes.current)-\(Clock.monotonic())"
        try Files.makeDirectory(folder)
        defer { try? Files.remove(folder) }
        try BPFFileSystem.mount(at: folder)
        defer { try? BPFFileSystem.unmount(folder) }
        #expect(BPFFileSystem.contains(folder))
        #expect(!BPFFileSystem.contains("/tmp"))
        let map = try makeHash()
        try BPFSystemCall.pin(map.rawValue, path: folder + "/map")
        let opened = try BPFSystemCall.open(pinned: folder + "/map")
        #expect(
            try BPFSystemCall.mapInformation(of: opened.rawValue) == BPFSystemCall.mapInformation(of: map.rawValue))
    }
}
