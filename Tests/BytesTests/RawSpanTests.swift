// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

@Suite("Checked reads")
struct RawSpanTests {
    private let bytes = OwnedBytes([1, 2, 3, 4, 0x61, 0x62, 0, 0xff, 0x63])

    @Test("integers of either byte order, at any alignment")
    func integers() {
        #expect(bytes.span.integer(at: 0, as: UInt32.self, order: .little) == 0x0403_0201)
        #expect(bytes.span.integer(at: 1, as: UInt16.self, order: .big) == 0x0203)
        #expect(bytes.span.integer(at: 7, as: Int8.self, order: .big) == -1)
    }

    @Test("no offset reads past the ends", arguments: [Int.min, -1, 6, 8, 9, 10, Int.max])
    func offsetsOutside(offset: Int) {
        #expect(bytes.span.integer(at: offset, as: UInt32.self, order: .little) == nil)
        #expect(bytes.span.bytes(at: offset, count: 4) == nil)
        #expect(bytes.span.string(at: offset, count: 4) == nil)
    }

    @Test("no count reads past the ends", arguments: [Int.min, -1, 10, Int.max])
    func countsOutside(count: Int) {
        #expect(bytes.span.bytes(at: 0, count: count) == nil)
        #expect(bytes.span.string(at: 0, count: count) == nil)
        #expect(bytes.slice(offset: 0, count: count) == nil)
    }

    @Test("strings end at their NUL, and one without is refused")
    func strings() {
        #expect(bytes.span.cString(at: 4) == "ab")
        #expect(bytes.span.cString(at: 6) == "")
        #expect(bytes.span.cString(at: 8) == nil)
        #expect(bytes.span.cString(at: 9) == nil)
        #expect(bytes.span.cStringLength(at: -1) == nil)
        #expect(bytes.span.string(at: 7, count: 2) == "\u{FFFD}c")
        #expect(bytes.span.string(at: 9, count: 0) == "")
    }

    @Test("integers are written where they fit, else nothing changes")
    func writing() {
        var array: [UInt8] = []
        array.append(UInt16(0x0102), order: .big)
        array.append(UInt16(0x0102), order: .little)
        #expect(array == [1, 2, 2, 1])
        let isStored = array.store(UInt16(0xaabb), at: 2, order: .big)
        #expect(isStored && array == [1, 2, 0xaa, 0xbb])
        for offset in [Int.min, -1, 3, 4, Int.max] {
            let isStored = array.store(UInt16(0), at: offset, order: .little)
            #expect(!isStored)
        }
        #expect(array == [1, 2, 0xaa, 0xbb])
    }
}
