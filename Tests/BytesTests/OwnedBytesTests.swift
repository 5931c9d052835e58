// SPDX-License-Identifier: Apache-2.0

import Bytes
import Synchronization
import Testing

@Suite("Owned bytes")
struct OwnedBytesTests {
    private final class Counter: Sendable {
        let releases = Atomic<Int>(0)
    }

    @Test("a slice keeps the storage alive, which is released once")
    func slices() {
        let counter = Counter()
        var whole: OwnedBytes? = {
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4, alignment: 1)
            buffer.copyBytes(from: [1, 2, 3, 4])
            return OwnedBytes(adopting: UnsafeRawBufferPointer(buffer)) {
                UnsafeMutableRawBufferPointer(mutating: $0).deallocate()
                counter.releases.add(1, ordering: .relaxed)
            }
        }()
        var part = whole?.slice(offset: 1, count: 2)?.slice(offset: 1, count: 1)
        whole = nil
        #expect(counter.releases.load(ordering: .relaxed) == 0)
        #expect(part?.array == [3])
        part = nil
        #expect(counter.releases.load(ordering: .relaxed) == 1)
    }

    @Test("what is not filled in is zero, and a failure is passed on")
    func filling() throws {
        struct Failure: Error {}
        #expect(OwnedBytes(count: 3) { $0[1] = 7 }.array == [0, 7, 0])
        #expect(throws: Failure.self) { try OwnedBytes(count: 3) { _ throws(Failure) in throw Failure() } }
        #expect(OwnedBytes([]).array.isEmpty && OwnedBytes([]).slice(offset: 0, count: 0)?.count == 0)
    }
}
