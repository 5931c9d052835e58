// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A symbol table that is read in place, entry by entry, without a copy of it.
///
/// For tables with hundreds of thousands of symbols, where an array of ``ELFSymbol`` would cost too much.
public struct ELFSymbolTable: Sendable {
    /// The table's section.
    public let section: ELFSection
    /// The number of entries, with the reserved symbol 0.
    public let count: Int
    let contents: OwnedBytes
    let strings: OwnedBytes
    let order: ByteOrder
    /// Section indices that do not fit an entry's 16 bits.
    let extendedIndices: OwnedBytes?

    static let entrySize = 24

    /// One entry as it is stored.
    public struct Entry: Sendable, Hashable {
        /// The offset of the name in the table's strings.
        public let nameOffset: UInt32
        /// Binding (upper four bits) and type (lower four bits).
        public let information: UInt8
        /// Visibility (lower two bits).
        public let other: UInt8
        /// The section index with its reserved values: 0 undefined, `0xfff1` absolute, `0xfff2` common.
        public let rawSectionIndex: UInt16
        /// The value.
        public let value: UInt64
        /// The size in bytes.
        public let size: UInt64

        /// What the symbol names.
        public var type: ELFSymbol.SymbolType { .init(rawValue: information & 0xf) }
        /// How the symbol is seen from other files.
        public var binding: ELFSymbol.SymbolBinding { .init(rawValue: information >> 4) }
        /// The symbol has no definition in this file.
        public var isUndefined: Bool { rawSectionIndex == 0 }
        /// The value is a constant (`SHN_ABS`).
        public var isAbsolute: Bool { rawSectionIndex == 0xfff1 }
        /// A C common symbol (`SHN_COMMON`).
        public var isCommon: Bool { rawSectionIndex == 0xfff2 }
    }

    /// The entry at an index, or `nil` past the end.
    public func entry(at index: Int) -> Entry? {
        guard index >= 0, index < count else { return nil }
        let at = index * Self.entrySize
        let span = contents.span
        guard let nameOffset = span.integer(at: at, as: UInt32.self, order: order),
            let information = span.integer(at: at + 4, as: UInt8.self, order: order),
            let other = span.integer(at: at + 5, as: UInt8.self, order: order),
            let sectionIndex = span.integer(at: at + 6, as: UInt16.self, order: order),
            let value = span.integer(at: at + 8, as: UInt64.self, order: order),
            let size = span.integer(at: at + 16, as: UInt64.self, order: order)
        else { return nil }
        return Entry(
            nameOffset: nameOffset, information: information, other: other, rawSectionIndex: sectionIndex,
            value: value, size: size)
    }

    /// The name of an entry, or `nil` when it lies past the strings' end.
    public func name(of entry: Entry) -> String? {
        entry.nameOffset == 0 ? "" : strings.span.cString(at: Int(entry.nameOffset))
    }

    /// Says whether an entry's name is `name`, or `name` followed by `@` and a version; makes no string.
    public func name(of entry: Entry, matches name: [UInt8]) -> NameMatch {
        let span = strings.span
        let start = Int(entry.nameOffset)
        guard start <= span.byteCount, name.count < span.byteCount - start else { return .none }
        for (index, byte) in name.enumerated()
        where span.integer(at: start + index, as: UInt8.self, order: .little) != byte { return .none }
        let after = start + name.count
        guard let next = span.integer(at: after, as: UInt8.self, order: .little) else { return .none }
        if next == 0 { return .exact }
        guard next == 0x40 else { return .none }
        return span.integer(at: after + 1, as: UInt8.self, order: .little) == 0x40 ? .defaultVersion : .otherVersion
    }

    /// How well a name fits one that was looked for.
    public enum NameMatch: Int, Sendable, Hashable, Comparable {
        /// Another name.
        case none
        /// The name with a version that the linker does not take by itself (`name@V`).
        case otherVersion
        /// The name with its default version (`name@@V`).
        case defaultVersion
        /// The very name.
        case exact

        /// A worse match is less than a better one.
        public static func < (left: NameMatch, right: NameMatch) -> Bool { left.rawValue < right.rawValue }
    }

    /// The true section index of an entry; `nil` when it is undefined or has one of the reserved values.
    public func sectionIndex(of entry: Entry, at index: Int) -> Int? {
        switch entry.rawSectionIndex {
        case 0: nil
        case 0xffff:
            extendedIndices?.span.integer(at: index &* 4, as: UInt32.self, order: order).map { Int($0) }
        case 0xff00...0xfffe: nil
        case let plain: Int(plain)
        }
    }
}
