// SPDX-License-Identifier: Apache-2.0

public import Bytes
import Synchronization

/// The types of a kernel, a kernel module or a BPF object: the contents of a `.BTF` section.
///
/// Opening walks the types once and remembers where each starts (4 bytes a type); types and strings are decoded when they
/// are asked for. A table can be shared between threads.
///
/// ```swift
/// let table = try BTFTable(bytes)                       // the bytes of /sys/kernel/btf/vmlinux
/// if let id = table.firstID(named: "task_struct", kind: .structure) {
///     print(try table.size(of: id))
/// }
/// ```
///
/// A module's table is split: it continues the ids and strings of `vmlinux`, its ``base``. Follows
/// `Documentation/bpf/btf.rst`.
public final class BTFTable: Sendable {
    /// The bytes that the table was made from.
    public let bytes: OwnedBytes
    /// The byte order of the table.
    public let order: ByteOrder
    /// The table that this one continues, or `nil` for a table of its own.
    public let base: BTFTable?
    /// The number of types: ids from 0 (`void`) to one less are valid, the base's included.
    public let typeCount: Int
    /// The first id of this table's own types: 1 without a base.
    public let firstTypeID: BTFTypeID
    /// The number of bytes of all strings, the base's included; a larger string offset is an error.
    public let stringLength: Int

    let header: BTFHeader
    /// Where each own type starts in the type section.
    let offsets: [UInt32]
    let lookup = Mutex(NameLookup())
    let pointerSizeCache = Atomic<Int>(0)

    /// Opens type information.
    ///
    /// - Parameters:
    ///   - bytes: the contents of a `.BTF` section.
    ///   - base: for the table of a kernel module, the table of its kernel.
    /// - Throws: ``BTFError`` when the header, a section or the chain of types is damaged, or a kind is unknown.
    /// - Complexity: O(types).
    public init(_ bytes: OwnedBytes, base: BTFTable? = nil) throws(BTFError) {
        let span = bytes.span
        header = try BTFHeader(span)
        if base == nil {
            guard header.strings.count > 0,
                span.integer(at: header.strings.lowerBound, as: UInt8.self, order: header.order) == 0
            else { throw .malformed("the string section does not start with the empty string") }
        } else if let base, base.order != header.order {
            throw .malformed("the byte order differs from that of the base")
        }
        self.bytes = bytes
        self.base = base
        order = header.order
        let first = base?.typeCount ?? 1
        offsets = try OffsetTable.build(span, header: header, firstID: first)
        let (total, tooMany) = first.addingReportingOverflow(offsets.count)
        guard !tooMany, total <= Int(Int32.max) else { throw BTFError(.tooLarge, "there are too many types") }
        typeCount = total
        firstTypeID = BTFTypeID(UInt32(truncatingIfNeeded: first))
        stringLength = (base?.stringLength ?? 0) + header.strings.count
    }

    /// The table that holds a type: this one or a base. `nil` for `void` and for ids past the end.
    func owner(of id: BTFTypeID) -> BTFTable? {
        guard id.rawValue != 0, id.rawValue < typeCount else { return nil }
        var table = self
        while id < table.firstTypeID {
            guard let base = table.base else { return nil }
            table = base
        }
        return table
    }

    /// Where an own type starts in ``bytes``.
    @inline(__always)
    func byteOffset(ofOwn id: BTFTypeID) -> Int {
        header.types.lowerBound &+ Int(offsets[Int(id.rawValue &- firstTypeID.rawValue)])
    }

    /// Reads 32 bits at an offset in ``bytes``.
    @inline(__always)
    func word(at offset: Int) -> UInt32? {
        let bytes = self.bytes
        return bytes.span.integer(at: offset, as: UInt32.self, order: order)
    }

    /// Borrows ``bytes`` for code that checks every offset itself.
    @inline(__always)
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let bytes = self.bytes
        return bytes.span.withUnsafeBytes { body($0) }
    }

    /// The kind of a type, without decoding it; `nil` for `void`, for ids past the end, and for a kind that is unknown.
    ///
    /// - Complexity: O(1).
    public func kind(_ id: BTFTypeID) -> BTFKind? {
        guard let owner = owner(of: id) else { return nil }
        let info = owner.word(at: owner.byteOffset(ofOwn: id) + 4)
        return info.flatMap { BTFKind(rawValue: UInt8(truncatingIfNeeded: $0 >> 24 & 0x7f)) }
    }

    /// All ids of this table's own types, without those of its base and without `void`.
    public var ownTypeIDs: some Sequence<BTFTypeID> & Sendable {
        (firstTypeID.rawValue..<UInt32(truncatingIfNeeded: typeCount)).lazy.map { BTFTypeID($0) }
    }
}
