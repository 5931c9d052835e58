// SPDX-License-Identifier: Apache-2.0

extension RawSpan {
    /// Reads a record as a Swift type that is laid out like the C struct.
    ///
    /// ```swift
    /// ring.drain { record in
    ///     guard let event = record.record(as: Event.self) else { return }
    ///     print(event.pid)
    /// }
    /// ```
    ///
    /// - Returns: the value, or `nil` when the record is shorter than the type.
    @inlinable
    public func record<Value: BitwiseCopyable>(as type: Value.Type) -> Value? {
        guard byteCount >= MemoryLayout<Value>.size else { return nil }
        return unsafe unsafeLoadUnaligned(fromByteOffset: 0, as: Value.self)
    }
}
