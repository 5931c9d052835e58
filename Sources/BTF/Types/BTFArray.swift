// SPDX-License-Identifier: Apache-2.0

/// An array: ``BTF_KIND_ARRAY``.
public struct BTFArray: Hashable, Sendable {
    /// The type of an element.
    public var element: BTFTypeID
    /// The type of the index.
    public var index: BTFTypeID
    /// The number of elements; 0 for a flexible array.
    public var count: UInt32

    /// Makes an array.
    public init(element: BTFTypeID, index: BTFTypeID, count: UInt32) {
        self.element = element
        self.index = index
        self.count = count
    }
}
