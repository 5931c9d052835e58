// SPDX-License-Identifier: Apache-2.0

/// The number of a type in a ``BTFTable``; 0 is `void`.
public struct BTFTypeID: RawRepresentable, Hashable, Comparable, Sendable, BitwiseCopyable, CustomStringConvertible {
    /// The number.
    public var rawValue: UInt32

    /// Makes an id from its number.
    @inlinable
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Makes an id from its number.
    @inlinable
    public init(_ rawValue: UInt32) { self.rawValue = rawValue }

    /// The type `void`, which every table has.
    public static let void = BTFTypeID(0)

    /// Compares the numbers.
    @inlinable
    public static func < (left: BTFTypeID, right: BTFTypeID) -> Bool { left.rawValue < right.rawValue }

    /// The number as text.
    public var description: String { rawValue.description }
}
