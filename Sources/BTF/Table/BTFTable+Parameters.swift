// SPDX-License-Identifier: Apache-2.0

extension BTFTable {
    /// Whether a prototype has a parameter without a name, read without decoding the names; an ellipsis does not count.
    ///
    /// - Complexity: O(parameters).
    public func hasUnnamedParameters(_ id: BTFTypeID) -> Bool {
        guard let owner = owner(of: id), kind(id) == .functionPrototype else { return false }
        let start = owner.byteOffset(ofOwn: id)
        let count = Int((owner.word(at: start + 4) ?? 0) & 0xff_ffff)
        for index in 0..<count {
            let place = start + 12 + index * 8
            if owner.word(at: place) == 0, let type = owner.word(at: place + 4), type != 0 { return true }
        }
        return false
    }
}
