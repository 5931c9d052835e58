// SPDX-License-Identifier: Apache-2.0

extension [UInt8] {
    /// Appends an integer's bytes in the given order.
    @inlinable
    public mutating func append<T: FixedWidthInteger>(_ value: T, order: ByteOrder) {
        let stored = order == .little ? value.littleEndian : value.bigEndian
        Swift.withUnsafeBytes(of: stored) { append(contentsOf: $0) }
    }

    /// Overwrites bytes at an offset with an integer; answers `false`, and changes nothing, when it does not fit.
    @inlinable
    @discardableResult
    public mutating func store<T: FixedWidthInteger>(_ value: T, at offset: Int, order: ByteOrder) -> Bool {
        let size = MemoryLayout<T>.size
        guard offset >= 0, count >= size, offset <= count - size else { return false }
        let stored = order == .little ? value.littleEndian : value.bigEndian
        Swift.withUnsafeBytes(of: stored) { source in
            for (index, byte) in source.enumerated() { self[offset + index] = byte }
        }
        return true
    }
}
