// SPDX-License-Identifier: Apache-2.0

import Linux

/// An attached iterator: each run goes over everything once, and hands on what the program writes while it writes it.
///
/// ```swift
/// let reader = IteratorReader(try object.program(named: "dump_task").attach())
/// try reader.run { bytes in
///     print(String(decoding: bytes, as: UTF8.self), terminator: "")
///     return true
/// }
/// ```
///
/// - Note: `BPF_ITER_CREATE`, Linux 5.8.
public final class IteratorReader: Sendable {
    private let link: Link

    /// Takes the link of an iterator over.
    public init(_ link: consuming Link) {
        self.link = link
    }

    /// What the iterator goes over, for people: `iter/task`.
    public var description: String { link.description }

    /// Runs the iterator once. Memory does not grow with what the program writes.
    ///
    /// - Parameter take: gets the bytes in pieces of at most 64 KiB; `false` ends the run. It also gets an empty piece now
    ///   and then while the program finds nothing to write.
    /// - Throws: ``BPFError`` when this is no iterator's link, or the program fails.
    public func run(_ take: (UnsafeRawBufferPointer) -> Bool) throws(BPFError) {
        try link.runIterator(take)
    }
}

extension Link {
    /// Runs an iterator once and answers what its program wrote: text of `bpf_seq_printf()` or records of
    /// `bpf_seq_write()`. ``IteratorReader`` does the same in pieces.
    ///
    /// - Parameter limit: bytes after which reading ends; nothing that the program writes later is run for.
    /// - Throws: ``BPFError`` when this is no iterator's link, or the program fails.
    /// - Note: `BPF_ITER_CREATE`, Linux 5.8.
    public func readIterator(limit: Int = 64 << 20) throws(BPFError) -> [UInt8] {
        var bytes: [UInt8] = []
        try runIterator { part in
            bytes += part.prefix(limit - bytes.count)
            return bytes.count < limit
        }
        return bytes
    }

    /// The most that is read at once, in bytes: the kernel's own buffer has 8 pages.
    private static var pieceSize: Int { 1 << 16 }

    fileprivate borrowing func runIterator(_ take: (UnsafeRawBufferPointer) -> Bool) throws(BPFError) {
        guard let link = rawDescriptors.first else {
            throw BPFError(.invalidArgument, "the attachment to \(description) is no iterator")
        }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.pieceSize, alignment: 16)
        defer { buffer.deallocate() }
        do throws(LinuxError) {
            let iterator = try BPFSystemCall.createIterator(link: link)
            while true {
                let count: Int
                do throws(LinuxError) {
                    count = try iterator.read(into: buffer)
                } catch {
                    // The kernel pauses after a million objects for which nothing was written.
                    guard error.errno == .wouldBlock else { throw error }
                    guard take(UnsafeRawBufferPointer(start: nil, count: 0)) else { return }
                    continue
                }
                guard count > 0, take(UnsafeRawBufferPointer(rebasing: buffer[..<count])) else { return }
            }
        } catch {
            if error.errno == .tooBig {
                throw BPFError(
                    .system, "the program wrote more for one object than the kernel's buffer of 8 pages holds",
                    context: [.init("iterator", description)], cause: error)
            }
            throw BPFError.system(error, "cannot read \(description)")
        }
    }
}
