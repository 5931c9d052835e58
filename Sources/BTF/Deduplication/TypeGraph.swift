// SPDX-License-Identifier: Apache-2.0

import Bytes
import Diagnostics

/// Types of several tables as one flat list of records, which are cheap to compare.
///
/// A record has the words of the file in this machine's byte order; names are numbers of ``strings``, and references are
/// ids in this list. Id 0 is `void`; the base's types come first.
struct TypeGraph {
    private(set) var words: [UInt32] = [0, 0, 0]
    /// Where each type's record starts in ``words``.
    private(set) var starts: [UInt32] = [0]
    private(set) var strings: StringInterner
    let order: ByteOrder
    let base: BTFTable?
    /// The first id that is not the base's.
    private(set) var firstID = 1

    init(order: ByteOrder, base: BTFTable?) throws(BTFError) {
        self.order = order
        self.base = base
        var chain: [BTFTable] = []
        var next = base
        while let table = next {
            chain.insert(table, at: 0)
            next = table.base
        }
        var text: [UInt8] = []
        for table in chain {
            let storage = table.bytes
            text += storage.span.bytes(at: table.header.strings.lowerBound, count: table.header.strings.count) ?? []
        }
        strings = StringInterner(base: text)
        for table in chain { try append(table) }
        firstID = starts.count
    }

    var count: Int { starts.count }

    @inline(__always)
    func start(_ id: UInt32) -> Int { Int(starts[Int(id)]) }
    @inline(__always)
    func kind(_ id: UInt32) -> BTFKind? {
        BTFKind(rawValue: UInt8(truncatingIfNeeded: words[start(id) + 1] >> 24 & 0x7f))
    }
    @inline(__always)
    func name(_ id: UInt32) -> UInt32 { words[start(id)] }
    /// Kind, flag and number of parts.
    @inline(__always)
    func information(_ id: UInt32) -> UInt32 { words[start(id) + 1] }
    /// The size of some kinds, what others refer to.
    @inline(__always)
    func last(_ id: UInt32) -> UInt32 { words[start(id) + 2] }
    @inline(__always)
    func partCount(_ id: UInt32) -> Int { Int(words[start(id) + 1] & 0xff_ffff) }
    @inline(__always)
    func flag(_ id: UInt32) -> Bool { words[start(id) + 1] >> 31 == 1 }
    /// The words of a type.
    func record(_ id: UInt32) -> Range<Int> {
        let next = Int(id) + 1
        return start(id)..<(next < starts.count ? Int(starts[next]) : words.count)
    }

    /// How many references a type has, and where in ``words`` one of them stands.
    @inline(__always)
    func referenceCount(_ id: UInt32) -> Int {
        switch kind(id) {
        case .pointer, .typedef, .volatile, .const, .restrict, .function, .variable, .declarationTag, .typeTag: 1
        case .array: 2
        case .structure, .union, .dataSection: partCount(id)
        case .functionPrototype: partCount(id) + 1
        default: 0
        }
    }

    @inline(__always)
    func referencePosition(_ id: UInt32, _ index: Int) -> Int {
        let start = start(id)
        switch kind(id) {
        case .array: return start + 3 + index
        case .structure, .union: return start + 4 + index * 3
        case .dataSection: return start + 3 + index * 3
        case .functionPrototype: return index == 0 ? start + 2 : start + 2 + index * 2
        default: return start + 2
        }
    }

    @inline(__always)
    mutating func set(_ position: Int, to id: UInt32) { words[position] = id }

    /// Adds a table's own types, or nothing when one of them is damaged.
    mutating func append(_ table: BTFTable) throws(BTFError) {
        let (wordCount, typeCount) = (words.count, starts.count)
        do throws(BTFError) {
            try appendTypes(of: table)
        } catch {
            words.removeSubrange(wordCount...)
            starts.removeSubrange(typeCount...)
            throw error
        }
    }

    private mutating func appendTypes(of table: BTFTable) throws(BTFError) {
        guard table.order == order else {
            throw BTFError(.wrongKind, "types of different byte orders cannot be put together")
        }
        let offset = UInt32(truncatingIfNeeded: starts.count) &- table.firstTypeID.rawValue
        guard starts.count + table.offsets.count < Int(Int32.max) else {
            throw BTFError(.tooLarge, "there are too many types")
        }
        var names = NameNumbers(table)
        starts.reserveCapacity(starts.count + table.offsets.count)
        words.reserveCapacity(words.count + table.header.types.count / 4)
        let end = table.header.types.upperBound
        for (index, start) in table.offsets.enumerated() {
            let id = BTFTypeID(table.firstTypeID.rawValue + UInt32(truncatingIfNeeded: index))
            let from = table.header.types.lowerBound + Int(start)
            let to =
                index + 1 < table.offsets.count
                ? table.header.types.lowerBound + Int(table.offsets[index + 1]) : end
            let new = UInt32(truncatingIfNeeded: starts.count)
            guard words.count + (to - from) / 4 < Int(UInt32.max) else {
                throw BTFError(.tooLarge, "the types are larger than 16 GiB")
            }
            starts.append(UInt32(truncatingIfNeeded: words.count))
            for position in stride(from: from, to: to, by: 4) {
                guard let word = table.word(at: position) else {
                    throw .malformed("a type goes past the end of the type section", type: id, offset: from)
                }
                words.append(word)
            }
            guard kind(new) != nil else {
                throw BTFError(
                    .unsupported, "the kind of this type is not known",
                    context: [DiagnosticContext("type", id.rawValue)])
            }
            try renameAndRenumber(new, as: id, from: table, offset: offset, &names)
        }
    }

    private mutating func renameAndRenumber(
        _ new: UInt32, as id: BTFTypeID, from table: BTFTable, offset: UInt32, _ names: inout NameNumbers
    ) throws(BTFError) {
        let start = start(new)
        words[start] = try names.number(words[start], &strings)
        let stride =
            switch kind(new) {
            case .structure, .union, .enumeration64: 3
            case .enumeration, .functionPrototype: 2
            default: 0
            }
        if stride > 0 {
            for index in 0..<partCount(new) {
                let position = start + 3 + index * stride
                words[position] = try names.number(words[position], &strings)
            }
        }
        for index in 0..<referenceCount(new) {
            let position = referencePosition(new, index)
            let old = words[position]
            guard old < UInt32(truncatingIfNeeded: table.typeCount) else {
                throw BTFError(
                    .unknownType, "a type refers to one that does not exist",
                    context: [.init("type", id.rawValue), .init("refers to", old), .init("types", table.typeCount)])
            }
            // The base's ids stay.
            if old >= table.firstTypeID.rawValue { words[position] = old &+ offset }
        }
    }
}

/// The numbers of one table's strings, each looked up once.
private struct NameNumbers {
    private static let unknown = UInt32.max
    private let table: BTFTable
    private let first: Int
    private var numbers: [UInt32]
    /// Bytes of names that are left: names may start anywhere in one endless string.
    private var remaining: Int

    init(_ table: BTFTable) {
        self.table = table
        first = table.base?.stringLength ?? 0
        numbers = [UInt32](repeating: Self.unknown, count: table.header.strings.count)
        remaining = 1 << 20 + table.header.strings.count * 8
    }

    mutating func number(_ offset: UInt32, _ strings: inout StringInterner) throws(BTFError) -> UInt32 {
        // The base's strings keep their offsets; without a base, offset 0 is the empty string.
        if offset == 0 || Int(offset) < first { return offset }
        let index = Int(offset) - first
        guard index < numbers.count else {
            throw BTFError(
                .unknownString, "there is no string at this offset",
                context: [DiagnosticContext("offset", offset), DiagnosticContext("string bytes", table.stringLength)])
        }
        if numbers[index] != Self.unknown { return numbers[index] }
        let bytes = table.bytes
        let range = table.header.strings
        remaining -= bytes.span.cStringLength(at: range.lowerBound + index) ?? 0
        guard remaining >= 0 else { throw .namesTooLong }
        let number = try bytes.span.withUnsafeBytes { (all) throws(BTFError) in
            try strings.number(ofStringAt: index, in: UnsafeRawBufferPointer(rebasing: all[range]))
        }
        numbers[index] = number
        return number
    }
}
