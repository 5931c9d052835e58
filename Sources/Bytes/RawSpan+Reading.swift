// SPDX-License-Identifier: Apache-2.0

/// Checked reads of untrusted bytes: nothing here traps, whatever the offset.
extension RawSpan {
    /// Reads an integer at a byte offset of any alignment, or answers `nil` when it does not fit.
    @inlinable
    public func integer<T: FixedWidthInteger & BitwiseCopyable>(
        at offset: Int, as type: T.Type, order: ByteOrder
    ) -> T? {
        let size = MemoryLayout<T>.size
        guard offset >= 0, byteCount >= size, offset <= byteCount - size else { return nil }
        let value = unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: T.self)
        switch order {
        case .little: return T(littleEndian: value)
        case .big: return T(bigEndian: value)
        }
    }

    /// Reads a NUL-terminated string, or answers `nil` when it starts past the end or has no NUL.
    ///
    /// Invalid UTF-8 is repaired with U+FFFD.
    @inlinable
    public func cString(at offset: Int) -> String? {
        guard let length = cStringLength(at: offset) else { return nil }
        return string(at: offset, count: length)
    }

    /// The number of bytes before the NUL that ends the string at an offset, or `nil` when there is none.
    @inlinable
    public func cStringLength(at offset: Int) -> Int? {
        guard offset >= 0, offset < byteCount else { return nil }
        return unsafe withUnsafeBytes { buffer in
            unsafe buffer[offset...].firstIndex(of: 0).map { $0 - offset }
        }
    }

    /// Reads `count` bytes as text with invalid UTF-8 repaired, or answers `nil` when they are not all there.
    @inlinable
    public func string(at offset: Int, count: Int) -> String? {
        guard offset >= 0, count >= 0, offset <= byteCount, count <= byteCount - offset else { return nil }
        return unsafe withUnsafeBytes { buffer in
            unsafe String(decoding: buffer[offset..<offset + count], as: UTF8.self)
        }
    }

    /// Copies `count` bytes, or answers `nil` when they are not all there.
    @inlinable
    public func bytes(at offset: Int, count: Int) -> [UInt8]? {
        guard offset >= 0, count >= 0, offset <= byteCount, count <= byteCount - offset else { return nil }
        return unsafe withUnsafeBytes { buffer in unsafe [UInt8](buffer[offset..<offset + count]) }
    }
}
