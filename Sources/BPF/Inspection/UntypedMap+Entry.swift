// SPDX-License-Identifier: Apache-2.0

import Diagnostics

extension UntypedMap {
    /// Looks up a key.
    ///
    /// - Parameter key: ``keySize`` bytes.
    /// - Returns: the key with its value, or with one value for each possible CPU; `nil` when there is no such key.
    /// - Throws: ``BPFError`` when the kernel refuses.
    public func entry(for key: [UInt8]) throws(BPFError) -> Entry? {
        guard let value = try value(for: key) else { return nil }
        return Entry(key: key, values: split(value))
    }
}
