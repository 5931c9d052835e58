// SPDX-License-Identifier: Apache-2.0

/// An integer type: ``BTF_KIND_INT``.
public struct BTFInteger: Hashable, Sendable {
    /// How the bits are to be read.
    public struct Encoding: OptionSet, Hashable, Sendable {
        /// The four bits as stored.
        public let rawValue: UInt8

        /// Makes an encoding from its bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Two's complement.
        public static let signed = Encoding(rawValue: 1)
        /// A character.
        public static let character = Encoding(rawValue: 2)
        /// `_Bool`.
        public static let boolean = Encoding(rawValue: 4)
    }

    /// The name, such as `unsigned int`.
    public var name: String
    /// The size in bytes.
    public var size: UInt32
    /// Where the value starts within the bytes, in bits: 0 unless an old compiler described a bit field this way.
    public var bitOffset: UInt8
    /// The number of bits.
    public var bits: UInt8
    /// How the bits are to be read.
    public var encoding: Encoding

    /// Makes an integer type; without `bits` it fills its bytes.
    public init(name: String, size: UInt32, bitOffset: UInt8 = 0, bits: UInt8? = nil, encoding: Encoding = []) {
        self.name = name
        self.size = size
        self.bitOffset = bitOffset
        self.bits = bits ?? UInt8(truncatingIfNeeded: min(size, 31) &* 8)
        self.encoding = encoding
    }
}
