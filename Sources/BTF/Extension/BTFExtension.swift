// SPDX-License-Identifier: Apache-2.0

public import Bytes
import Diagnostics

/// What a `.BTF.ext` section says about code: functions, lines, CO-RE relocations.
///
/// ```swift
/// let extra = try BTFExtension(bytes, table: table)
/// for section in extra.coreRelocations { print(section.sectionName, section.records.count) }
/// ```
///
/// Follows `struct btf_ext_header` in `Documentation/bpf/btf.rst`. Records longer than those known here are accepted; what
/// they have in addition is skipped.
public struct BTFExtension: Sendable {
    /// The starts of functions, for each section of code.
    public let functionInformation: [BTFExtensionSection<BTFFunctionInformation>]
    /// The lines of source, for each section of code.
    public let lineInformation: [BTFExtensionSection<BTFLineInformation>]
    /// The CO-RE relocations, for each section of code.
    public let coreRelocations: [BTFExtensionSection<CORERelocation>]

    /// Reads a section.
    ///
    /// - Parameters:
    ///   - bytes: the contents of `.BTF.ext`.
    ///   - table: the types of the same object, which hold the strings.
    /// - Throws: ``BTFError`` when a header, record or string is damaged, or a relocation's kind is unknown.
    public init(_ bytes: OwnedBytes, table: BTFTable) throws(BTFError) {
        var reader = try ExtensionReader(bytes, table: table)
        functionInformation = try reader.sections("function", at: 8, recordSize: 8) { (words, _) throws(BTFError) in
            BTFFunctionInformation(instructionOffset: words[0], type: BTFTypeID(words[1]))
        }
        lineInformation = try reader.sections("line", at: 16, recordSize: 16) { (words, _) throws(BTFError) in
            BTFLineInformation(
                instructionOffset: words[0], fileNameOffset: words[1], lineOffset: words[2], line: words[3] >> 10,
                column: words[3] & 0x3ff)
        }
        coreRelocations = try reader.sections("CO-RE", at: 24, recordSize: 16) { (words, reader) throws(BTFError) in
            guard let kind = CORERelocationKind(rawValue: words[3]) else {
                throw BTFError(
                    .unsupported, "a CO-RE relocation has the unknown kind \(words[3])",
                    context: [DiagnosticContext("instruction offset", words[0])])
            }
            return CORERelocation(
                instructionOffset: words[0], type: BTFTypeID(words[1]), accessString: try reader.string(at: words[2]),
                kind: kind)
        }
    }
}

/// Reads the three lists of a `.BTF.ext` section, which have one shape.
private struct ExtensionReader {
    private let bytes: OwnedBytes
    private let table: BTFTable
    private let order: ByteOrder
    private let headerLength: Int
    /// Bytes of strings that may still be copied: many records can name one endless string.
    private var nameBudget: Int
    /// The longest name of a section, or way to a field, in bytes.
    private static let longestString = 1024

    init(_ bytes: OwnedBytes, table: BTFTable) throws(BTFError) {
        let preamble = try BTFHeader.preamble(bytes.span, minimumLength: 24)
        guard preamble.order == table.order else {
            throw .malformed("the byte order of .BTF.ext differs from that of .BTF")
        }
        self.bytes = bytes
        self.table = table
        order = preamble.order
        headerLength = preamble.length
        nameBudget = table.nameBudget + bytes.count
    }

    mutating func string(at offset: UInt32) throws(BTFError) -> String {
        var budget = min(Self.longestString, nameBudget)
        let allowed = budget
        let text = try table.string(at: offset, budget: &budget)
        nameBudget -= allowed - budget
        return text
    }

    private func word(_ offset: Int) throws(BTFError) -> UInt32 {
        guard let value = bytes.span.integer(at: offset, as: UInt32.self, order: order) else {
            throw .malformed("a list in .BTF.ext goes past the end", offset: offset)
        }
        return value
    }

    /// - Parameters:
    ///   - field: where the header holds the offset and length of the list.
    ///   - recordSize: the bytes of a record that are known; longer records are accepted.
    mutating func sections<Record: Sendable>(
        _ what: String, at field: Int, recordSize known: Int,
        _ record: ([UInt32], inout ExtensionReader) throws(BTFError) -> Record
    ) throws(BTFError) -> [BTFExtensionSection<Record>] {
        guard field + 8 <= headerLength else { return [] }
        let length = Int(try word(field + 4))
        guard length > 0 else { return [] }
        var offset = headerLength + Int(try word(field))
        guard length >= 4, offset <= bytes.count, length <= bytes.count - offset, offset % 4 == 0 else {
            throw .malformed("the list of \(what) records does not lie inside .BTF.ext", offset: offset)
        }
        let end = offset + length
        let size = Int(try word(offset))
        guard size >= known, size % 4 == 0 else {
            throw BTFError(
                .unsupported, "\(what) records of \(size) bytes are not supported; they need at least \(known)",
                context: [DiagnosticContext("offset", offset)])
        }
        offset += 4
        var sections: [BTFExtensionSection<Record>] = []
        while offset < end {
            guard end - offset >= 8 else {
                throw .malformed("the list of \(what) records ends inside a section's header", offset: offset)
            }
            let name = try string(at: try word(offset))
            let count = Int(try word(offset + 4))
            offset += 8
            guard count > 0, count <= (end - offset) / size else {
                throw .malformed("section \(name) has \(count) \(what) records, which do not fit", offset: offset)
            }
            var records: [Record] = []
            records.reserveCapacity(count)
            for _ in 0..<count {
                var words: [UInt32] = []
                for at in stride(from: 0, to: known, by: 4) { words.append(try word(offset + at)) }
                records.append(try record(words, &self))
                offset += size
            }
            sections.append(BTFExtensionSection(sectionName: name, records: records))
        }
        return sections
    }
}
