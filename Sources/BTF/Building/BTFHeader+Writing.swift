// SPDX-License-Identifier: Apache-2.0

import Bytes

extension BTFHeader {
    /// A section: a header of 24 bytes, the types, the strings.
    ///
    /// - Parameters:
    ///   - types: records in `order`, at most 2 GiB.
    ///   - strings: at most 2 GiB.
    static func section(types: [UInt8], strings: ArraySlice<UInt8>, order: ByteOrder) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(24 + types.count + strings.count)
        bytes.append(magic, order: order)
        bytes.append(contentsOf: [1, 0])
        let typeLength = UInt32(truncatingIfNeeded: types.count)
        for word in [24, 0, typeLength, typeLength, UInt32(truncatingIfNeeded: strings.count)] {
            bytes.append(word, order: order)
        }
        bytes.append(contentsOf: types)
        bytes.append(contentsOf: strings)
        return bytes
    }
}
