// SPDX-License-Identifier: Apache-2.0

import BTF
import Diagnostics
import ELF

/// Moves what `.BTF.ext` says about code to where the code went.
struct LinkRecords {
    let inputs: [LinkInput]
    let sections: LinkSections
    /// For each object, the final id of each type.
    let identifiers: [[BTFTypeID]]

    /// The section's bytes, or `nil` when no object has such records. Strings go into the builder.
    func encode(into builder: inout BTFBuilder) throws(BTFError) -> [UInt8]? {
        var encoder = BTFExtensionEncoder()
        for (number, input) in inputs.enumerated() {
            guard let records = input.records, let types = input.types else { continue }
            var strings: [UInt32: UInt32] = [:]
            func string(_ old: UInt32, _ builder: inout BTFBuilder) throws(BTFError) -> UInt32 {
                if let known = strings[old] { return known }
                let new = try builder.addString(try types.string(at: old))
                strings[old] = new
                return new
            }
            let map = identifiers[number]
            func type(_ old: BTFTypeID) throws(BTFError) -> BTFTypeID {
                guard map.indices.contains(Int(old.rawValue)) else {
                    throw BTFError(
                        .unknownType, "a record about code names a type that does not exist",
                        context: [.init("object", input.name), .init("type", old.rawValue)])
                }
                return map[Int(old.rawValue)]
            }
            for section in records.functionInformation {
                guard let distance = distance(of: section.sectionName, in: number) else { continue }
                for record in section.records {
                    Self.append(
                        BTFFunctionInformation(
                            instructionOffset: record.instructionOffset &+ distance, type: try type(record.type)),
                        to: section.sectionName, in: &encoder.functions)
                }
            }
            for section in records.lineInformation {
                guard let distance = distance(of: section.sectionName, in: number) else { continue }
                for record in section.records {
                    var record = record
                    record.instructionOffset &+= distance
                    record.fileNameOffset = try string(record.fileNameOffset, &builder)
                    record.lineOffset = try string(record.lineOffset, &builder)
                    Self.append(record, to: section.sectionName, in: &encoder.lines)
                }
            }
            for section in records.coreRelocations {
                guard let distance = distance(of: section.sectionName, in: number) else { continue }
                for record in section.records {
                    var record = record
                    record.instructionOffset &+= distance
                    record.type = try type(record.type)
                    Self.append(record, to: section.sectionName, in: &encoder.relocations)
                }
            }
        }
        return encoder.isEmpty ? nil : try encoder.encode(strings: &builder)
    }

    /// How far a section's contents moved, in bytes; `nil` when they are left out.
    private func distance(of section: String, in input: Int) -> UInt32? {
        guard let home = inputs[input].file.section(named: section),
            let place = sections.place(home.index, ofInput: input)
        else { return nil }
        return UInt32(truncatingIfNeeded: place.offset)
    }

    private static func append<Record>(
        _ record: Record, to section: String, in list: inout [BTFExtensionSection<Record>]
    ) {
        if let last = list.indices.last, list[last].sectionName == section {
            list[last].records.append(record)
        } else if let known = list.firstIndex(where: { $0.sectionName == section }) {
            list[known].records.append(record)
        } else {
            list.append(BTFExtensionSection(sectionName: section, records: [record]))
        }
    }
}
