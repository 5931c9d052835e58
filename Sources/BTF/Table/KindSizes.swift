// SPDX-License-Identifier: Apache-2.0

import Bytes

/// How many bytes follow the common 12 bytes of a type, for each of the 128 kinds that fit in the kind field.
struct KindSizes {
    /// `fixed | element << 16 | 1 << 31`, or 0 for a kind of unknown size.
    private(set) var packed: [UInt32]

    init(_ span: RawSpan, header: BTFHeader) {
        packed = [UInt32](repeating: 0, count: 128)
        // The description in the file only serves kinds that are not built in: it cannot change the size of known ones.
        for kind in 0..<min(128, header.layout.count / 4) {
            let at = header.layout.lowerBound + kind * 4
            let fixed = UInt32(span.integer(at: at, as: UInt8.self, order: header.order) ?? 0)
            let element = UInt32(span.integer(at: at + 1, as: UInt8.self, order: header.order) ?? 0)
            packed[kind] = fixed | element << 16 | 1 << 31
        }
        packed[0] = 0
        for kind in BTFKind.allCases {
            let sizes = kind.recordSizes
            packed[Int(kind.rawValue)] = UInt32(sizes.fixed) | UInt32(sizes.element) << 16 | 1 << 31
        }
    }
}
