// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Collects strings for an ELF string table; equal strings are stored once.
struct StringTableBuilder {
    private(set) var bytes: [UInt8] = [0]
    private var offsets: [ExactText: UInt32] = [ExactText(""): 0]

    /// Adds a string and answers its offset, or `nil` when the table would exceed 4 GiB.
    mutating func add(_ string: String) -> UInt32? {
        if let known = offsets[ExactText(string)] { return known }
        guard let offset = UInt32(exactly: bytes.count) else { return nil }
        bytes.append(contentsOf: string.utf8)
        bytes.append(0)
        offsets[ExactText(string)] = offset
        return offset
    }
}
