// SPDX-License-Identifier: Apache-2.0

/// Immutable bytes with shared ownership: an array, a file mapping, or a slice of either.
///
/// A slice shares the storage of what it was cut from, so cutting costs nothing and the storage lives until its last
/// slice is gone. Borrow the bytes with ``span``; every read of an integer or string is checked and answers `nil` past
/// the end.
///
/// ```swift
/// let bytes = OwnedBytes([0x7f, 0x45, 0x4c, 0x46])
/// let magic = bytes.span.integer(at: 0, as: UInt32.self, order: .little)
/// ```
public struct OwnedBytes: @unchecked Sendable {
    // Sound because the storage is never written after it was made: the pointer is only read, and `storage` keeps it
    // alive.
    @usableFromInline let storage: Storage
    @usableFromInline let start: UnsafeRawPointer?
    /// The number of bytes.
    public let count: Int

    /// Copies an array's bytes.
    public init(_ bytes: [UInt8]) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
        buffer.copyBytes(from: bytes)
        self.init(adopting: UnsafeRawBufferPointer(buffer)) { UnsafeMutableRawBufferPointer(mutating: $0).deallocate() }
    }

    /// Makes `count` bytes and lets `fill` write them in place, so that a large file is read without a second copy.
    ///
    /// - Parameter fill: writes the bytes; what it does not write is zero.
    public init<E: Error>(
        count: Int, filledBy fill: (UnsafeMutableRawBufferPointer) throws(E) -> Void
    ) throws(E) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
        buffer.initializeMemory(as: UInt8.self, repeating: 0)
        do throws(E) {
            try fill(buffer)
        } catch {
            buffer.deallocate()
            throw error
        }
        self.init(adopting: UnsafeRawBufferPointer(buffer)) { UnsafeMutableRawBufferPointer(mutating: $0).deallocate() }
    }

    /// Takes over memory that `release` gives back when the last slice is gone, such as a file mapping.
    ///
    /// - Parameters:
    ///   - buffer: memory that stays valid and unchanged until `release` is called.
    ///   - release: called once with `buffer`, on any thread.
    public init(adopting buffer: UnsafeRawBufferPointer, release: @escaping @Sendable (UnsafeRawBufferPointer) -> Void)
    {
        storage = Storage(buffer: buffer, release: release)
        start = buffer.baseAddress
        count = buffer.count
    }

    private init(storage: Storage, start: UnsafeRawPointer?, count: Int) {
        self.storage = storage
        self.start = start
        self.count = count
    }

    /// The bytes, borrowed.
    @inlinable
    public var span: RawSpan {
        @_lifetime(borrow self)
        get {
            let span = unsafe RawSpan(_unsafeBytes: UnsafeRawBufferPointer(start: start, count: count))
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// Cuts out `count` bytes at `offset`, or answers `nil` when they are not all there.
    public func slice(offset: Int, count: Int) -> OwnedBytes? {
        guard offset >= 0, count >= 0, offset <= self.count, count <= self.count - offset else { return nil }
        return OwnedBytes(storage: storage, start: start.map { $0 + offset }, count: count)
    }

    /// Copies the bytes into an array.
    public var array: [UInt8] {
        [UInt8](UnsafeRawBufferPointer(start: start, count: count))
    }

    @usableFromInline
    final class Storage: @unchecked Sendable {
        let buffer: UnsafeRawBufferPointer
        let release: @Sendable (UnsafeRawBufferPointer) -> Void

        init(buffer: UnsafeRawBufferPointer, release: @escaping @Sendable (UnsafeRawBufferPointer) -> Void) {
            self.buffer = buffer
            self.release = release
        }

        deinit { release(buffer) }
    }
}
