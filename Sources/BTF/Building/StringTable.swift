// SPDX-License-Identifier: Apache-2.0

/// A string section that is being written: every string once.
struct StringTable {
    private(set) var bytes: [UInt8] = [0]
    private var offsets: [String: UInt32] = ["": 0]
    /// What the offsets start from: the length of the base's strings.
    let start: Int

    init(start: Int = 0) {
        self.start = start
        if start > 0 { bytes = [] }
    }

    /// The offset of a string, which is added when it is not there yet. Text after a NUL is dropped.
    mutating func offset(of text: String) throws(BTFError) -> UInt32 {
        if let known = offsets[text] { return known }
        guard let offset = UInt32(exactly: start + bytes.count), offset <= UInt32(Int32.max) else {
            throw BTFError(.tooLarge, "the strings are larger than 2 GiB")
        }
        offsets[text] = offset
        bytes.append(contentsOf: text.utf8.prefix { $0 != 0 })
        bytes.append(0)
        return offset
    }
}
