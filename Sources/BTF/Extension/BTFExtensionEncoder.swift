// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Writes a `.BTF.ext` section.
///
/// Its strings are among those of the `.BTF` section that it belongs to, so the types are encoded after it.
///
/// ```swift
/// var encoder = BTFExtensionEncoder()
/// encoder.functions = [.init(sectionName: "xdp", records: [.init(instructionOffset: 0, type: function)])]
/// let bytes = try encoder.encode(strings: &builder)
/// ```
public struct BTFExtensionEncoder: Sendable {
    /// The starts of functions, for each section of code.
    public var functions: [BTFExtensionSection<BTFFunctionInformation>] = []
    /// The lines of source, for each section of code; their strings are offsets in the builder's strings already.
    public var lines: [BTFExtensionSection<BTFLineInformation>] = []
    /// The CO-RE relocations, for each section of code.
    public var relocations: [BTFExtensionSection<CORERelocation>] = []

    /// Starts without records.
    public init() {}

    /// Whether there is nothing to write.
    public var isEmpty: Bool { functions.isEmpty && lines.isEmpty && relocations.isEmpty }

    /// The section's bytes, in the builder's byte order.
    ///
    /// - Parameter strings: where the names of sections and the ways to fields are added.
    /// - Throws: ``BTFError/Code/tooLarge`` when the strings or the section pass 2 GiB.
    public func encode(strings: inout BTFBuilder) throws(BTFError) -> [UInt8] {
        let order = strings.order
        let lists = [
            try list(functions, recordSize: 8, &strings) { (record, _) throws(BTFError) in
                [record.instructionOffset, record.type.rawValue]
            },
            try list(lines, recordSize: 16, &strings) { (record, _) throws(BTFError) in
                [
                    record.instructionOffset, record.fileNameOffset, record.lineOffset,
                    record.line << 10 | record.column & 0x3ff,
                ]
            },
            try list(relocations, recordSize: 16, &strings) { (record, strings) throws(BTFError) in
                [
                    record.instructionOffset, record.type.rawValue, try strings.addString(record.accessString),
                    record.kind.rawValue,
                ]
            },
        ]
        guard lists.reduce(0, { $0 + $1.count }) < Int(Int32.max) else {
            throw BTFError(.tooLarge, "the records about code are larger than 2 GiB")
        }
        var bytes: [UInt8] = []
        bytes.append(BTFHeader.magic, order: order)
        bytes.append(contentsOf: [1, 0])
        bytes.append(UInt32(32), order: order)
        var offset: UInt32 = 0
        for list in lists {
            bytes.append(offset, order: order)
            bytes.append(UInt32(truncatingIfNeeded: list.count), order: order)
            offset += UInt32(truncatingIfNeeded: list.count)
        }
        for list in lists { bytes += list }
        return bytes
    }

    private func list<Record: Sendable>(
        _ sections: [BTFExtensionSection<Record>], recordSize: UInt32, _ strings: inout BTFBuilder,
        _ words: (Record, inout BTFBuilder) throws(BTFError) -> [UInt32]
    ) throws(BTFError) -> [UInt8] {
        let order = strings.order
        var bytes: [UInt8] = []
        guard sections.contains(where: { !$0.records.isEmpty }) else { return bytes }
        bytes.append(recordSize, order: order)
        for section in sections where !section.records.isEmpty {
            bytes.append(try strings.addString(section.sectionName), order: order)
            bytes.append(UInt32(truncatingIfNeeded: section.records.count), order: order)
            for record in section.records {
                for word in try words(record, &strings) { bytes.append(word, order: order) }
            }
        }
        return bytes
    }
}
