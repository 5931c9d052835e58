// SPDX-License-Identifier: Apache-2.0

/// A place in a function that calls a helper for a map.
public struct MapOperation: Sendable, Hashable {
    /// The function.
    public var function: String
    /// The index of the call in the function.
    public var instruction: Int
    /// The map.
    public var map: String
    /// What is done.
    public var kind: Kind

    /// What a helper does with a map.
    public enum Kind: Sendable, Hashable {
        /// An entry is looked up; its value may be changed in place.
        case lookup
        /// An entry is added or replaced.
        case update
        /// An entry is removed, as programs do with what they keep only for a while.
        case delete

        /// From the helper's number in `include/uapi/linux/bpf.h`.
        init?(helper: Int32) {
            switch helper {
            case 1, 195: self = .lookup
            case 2, 87: self = .update
            case 3, 88: self = .delete
            default: return nil
            }
        }
    }
}
