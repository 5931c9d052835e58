// SPDX-License-Identifier: Apache-2.0

public import Bytes

/// How an integer lies in memory: whole bytes, or a bit field.
public struct IntegerLayout: Hashable, Sendable {
    /// The bytes that hold it: 1, 2, 4, 8 or 16 for a whole integer, 1 to 17 for a bit field.
    public let size: Int
    /// Whether the highest bit is the sign.
    public let isSigned: Bool
    /// The order of its bytes.
    public let order: ByteOrder
    /// For a bit field, the number of bits before it in its first byte, counted from the least significant bit when the
    /// order is little and from the most significant when it is big.
    public let bitOffset: Int
    /// For a bit field, its width; 0 for a whole integer.
    public let bitCount: Int

    /// Makes the layout of a whole integer.
    public init(size: Int, isSigned: Bool, order: ByteOrder) {
        self.init(size: size, isSigned: isSigned, order: order, bitOffset: 0, bitCount: 0)
    }

    /// Makes the layout of a bit field of `bitCount` bits that begins `bitOffset` bits into its first byte.
    public init(bitOffset: Int, bitCount: Int, isSigned: Bool, order: ByteOrder) {
        self.init(
            size: (bitOffset + bitCount + 7) / 8, isSigned: isSigned, order: order, bitOffset: bitOffset,
            bitCount: bitCount)
    }

    private init(size: Int, isSigned: Bool, order: ByteOrder, bitOffset: Int, bitCount: Int) {
        self.size = size
        self.isSigned = isSigned
        self.order = order
        self.bitOffset = bitOffset
        self.bitCount = bitCount
    }

    /// The value's width in bits.
    public var width: Int { bitCount == 0 ? size * 8 : bitCount }

    /// The smallest and greatest value that fits.
    var range: ClosedRange<Int128> {
        guard width < 128 else { return isSigned ? Int128.min...Int128.max : 0...Int128.max }
        let span = Int128(1) << Int128(isSigned ? width - 1 : width)
        return width == 127 && !isSigned ? 0...Int128.max : isSigned ? (-span)...(span - 1) : 0...(span - 1)
    }

    /// Reads the value, sign-extended to 64 bits when it is signed; `nil` when it does not fit the record or has more
    /// than 64 bits.
    @inlinable
    public func word(in record: RawSpan, at offset: Int) -> UInt64? {
        if bitCount == 0 {
            switch (size, isSigned) {
            case (4, false): return record.integer(at: offset, as: UInt32.self, order: order).map { UInt64($0) }
            case (8, _): return record.integer(at: offset, as: UInt64.self, order: order)
            case (4, true): return extend(record.integer(at: offset, as: Int32.self, order: order))
            case (2, false): return record.integer(at: offset, as: UInt16.self, order: order).map { UInt64($0) }
            case (2, true): return extend(record.integer(at: offset, as: Int16.self, order: order))
            case (1, false): return record.integer(at: offset, as: UInt8.self, order: order).map { UInt64($0) }
            case (1, true): return extend(record.integer(at: offset, as: Int8.self, order: order))
            default: return nil
            }
        }
        return width <= 64 ? wide(in: record, at: offset).map { UInt64(truncatingIfNeeded: $0) } : nil
    }

    @inlinable
    func extend<T: FixedWidthInteger & SignedInteger>(_ value: T?) -> UInt64? {
        value.map { UInt64(bitPattern: Int64($0)) }
    }

    /// Reads the value's bits, sign-extended to 128 bits when it is signed; `nil` when it does not fit the record.
    @inlinable
    public func wide(in record: RawSpan, at offset: Int) -> UInt128? {
        if bitCount == 0, size != 16 {
            guard let word = word(in: record, at: offset) else { return nil }
            return isSigned ? UInt128(bitPattern: Int128(Int64(bitPattern: word))) : UInt128(word)
        }
        guard let bits = bits(in: record, at: offset) else { return nil }
        guard isSigned, width < 128, bits >> UInt128(width - 1) & 1 == 1 else { return bits }
        return bits | UInt128.max << UInt128(width)
    }

    @usableFromInline
    func bits(in record: RawSpan, at offset: Int) -> UInt128? {
        if bitCount == 0 { return record.integer(at: offset, as: UInt128.self, order: order) }
        guard let bytes = record.bytes(at: offset, count: size) else { return nil }
        var value: UInt128 = 0
        for index in 0..<bitCount {
            let position = bitOffset + index
            switch order {
            case .little: value |= UInt128(bytes[position >> 3] >> UInt8(position & 7) & 1) << UInt128(index)
            case .big: value = value << 1 | UInt128(bytes[position >> 3] >> UInt8(7 - position & 7) & 1)
            }
        }
        return value
    }

    /// Stores the low ``width`` bits of a value; answers `false` when they do not fit the bytes.
    func store(_ value: UInt128, into bytes: inout [UInt8], at offset: Int) -> Bool {
        guard offset >= 0, bytes.count >= size, offset <= bytes.count - size else { return false }
        for index in 0..<width {
            let bit = UInt8(truncatingIfNeeded: value >> UInt128(order == .little ? index : width - 1 - index)) & 1
            let position = bitOffset + index
            // A whole big-endian integer and a big-endian bit field both count from the most significant bit.
            let shift = UInt8(order == .little ? position & 7 : 7 - position & 7)
            let byte = offset + position >> 3
            bytes[byte] = bytes[byte] & ~(1 << shift) | bit << shift
        }
        return true
    }
}
