// SPDX-License-Identifier: Apache-2.0

public import BTF

/// A ring or perf buffer of an object, and what is known about its records.
public struct StreamDescription: Sendable {
    /// The name of the buffer's map.
    public var map: String
    /// The kind of buffer.
    public var kind: MapKind
    /// The types of the records in the object's BTF; several when the code sends several, empty when none is known.
    public var rows: [Row]

    /// A type of records.
    public struct Row: Sendable, Hashable {
        /// The type in the object's BTF.
        public var type: BTFTypeID
        /// The record's size in bytes as the code sends it, where it is constant; else the type's.
        public var size: Int
        /// How the type was found.
        public var origin: Origin
    }

    /// How a row's type was found.
    public enum Origin: Sendable, Hashable {
        /// The map's definition says it.
        case declared
        /// The caller says it.
        case given
        /// It was found when the object was built, and written into its types.
        case annotated
        /// It is the type of a variable that the code sends.
        case variable(String)
        /// It is the only type of this size that fits.
        case size
    }
}
