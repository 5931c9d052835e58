// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A string section that is being written: every string once.
struct StringTable {
    private(set) var bytes: [UInt8] = [0]
    private var offsets: [ExactText: UInt32] = [ExactText(""): 0]
    /// What the offsets start from: the length of the base's strings.
    let start: Int

    /// Continues the strings of a table, which keep their offsets.
    init(preserving table: BTFTable) {
        start = table.base?.stringLength ?? 0
        let range = table.header.strings
        let storage = table.bytes
        bytes = storage.span.bytes(at: range.lowerBound, count: range.count) ?? [0]
        offsets.reserveCapacity(bytes.count / 12)
        var first = 0
        for (index, byte) in bytes.enumerated() where byte == 0 {
            let text = ExactText(String(decoding: bytes[first..<index], as: UTF8.self))
            if offsets[text] == nil { offsets[text] = UInt32(truncatingIfNeeded: start + first) }
            first = index + 1
        }
    }

    /// Continues the strings of a table without looking at them: what is added may then stand there twice.
    init(continuing table: BTFTable) {
        start = table.base?.stringLength ?? 0
        let range = table.header.strings
        let storage = table.bytes
        bytes = storage.span.bytes(at: range.lowerBound, count: range.count) ?? [0]
    }

    init(start: Int = 0) {
        self.start = start
        if start > 0 { bytes = [] }
    }

    /// The offset of a string, which is added when it is not there yet. Text after a NUL is dropped.
    mutating func offset(of text: String) throws(BTFError) -> UInt32 {
        if let known = offsets[ExactText(text)] { return known }
        guard let offset = UInt32(exactly: start + bytes.count), offset <= UInt32(Int32.max) else {
            throw BTFError(.tooLarge, "the strings are larger than 2 GiB")
        }
        offsets[ExactText(text)] = offset
        bytes.append(contentsOf: text.utf8.prefix { $0 != 0 })
        bytes.append(0)
        return offset
    }
}
