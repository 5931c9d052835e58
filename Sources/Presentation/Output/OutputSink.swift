// SPDX-License-Identifier: Apache-2.0

/// What became of bytes that were handed on.
public enum WriteOutcome: Sendable {
    /// All were taken.
    case written
    /// Nobody reads any more (`EPIPE`): output ends quietly.
    case closed
    /// Writing failed.
    case failed(any Error)
}

/// Buffered output: printers append to it, and a closure takes the bytes on.
///
/// The buffer is handed on when it is full, when ``flush()`` is called, and after each ``wakeUpEnded()`` where people
/// watch. When the reader has gone, or writing failed, all further output is dropped and ``isOpen`` is `false`.
///
/// ```swift
/// let sink = OutputSink(isInteractive: true) { bytes in writeAll(bytes, to: 1) }
/// ```
public final class OutputSink {
    var buffer: TextBuffer
    private let limit: Int
    private let isInteractive: Bool
    private let write: (UnsafeRawBufferPointer) -> WriteOutcome
    /// Whether output still goes somewhere.
    public private(set) var isOpen = true
    /// The error that ended output, if it was not the reader's going away.
    public private(set) var failure: (any Error)?

    /// Makes a sink.
    ///
    /// - Parameters:
    ///   - capacity: bytes to gather before they are handed on.
    ///   - isInteractive: whether a person watches, so that each batch of events shows at once.
    ///   - write: takes all the bytes, or says why not.
    public init(
        capacity: Int = 64 * 1024, isInteractive: Bool = false,
        write: @escaping (UnsafeRawBufferPointer) -> WriteOutcome
    ) {
        limit = max(capacity, 256)
        buffer = TextBuffer(capacity: limit + limit / 4)
        self.isInteractive = isInteractive
        self.write = write
    }

    /// Writes a line of text as it is, for what is no row.
    public func write(line: String) {
        guard isOpen else { return }
        buffer.append(line)
        buffer.append(UInt8(ascii: "\n"))
        flushIfFull()
    }

    /// Writes bytes as they are.
    public func write(bytes: UnsafeRawBufferPointer) {
        guard isOpen else { return }
        buffer.append(bytes.bindMemory(to: UInt8.self))
        flushIfFull()
    }

    /// Says that the events of one wake-up are written: where people watch, they shall see them now.
    public func wakeUpEnded() {
        if isInteractive { flush() }
    }

    /// Hands all bytes on.
    public func flush() {
        guard buffer.count > 0 else { return }
        defer { buffer.removeAll() }
        guard isOpen else { return }
        switch write(UnsafeRawBufferPointer(buffer.bytes)) {
        case .written: break
        case .closed: isOpen = false
        case .failed(let error):
            isOpen = false
            failure = error
        }
    }

    /// Hands the bytes on when there are enough of them.
    @inline(__always)
    func flushIfFull() {
        if buffer.count >= limit { flush() }
    }
}
