// SPDX-License-Identifier: Apache-2.0

import BPFInstruction
import Bytes
import Diagnostics
import ELF

/// Moves relocations to where their sections went, and the distances that instructions and data hold for them.
struct LinkRelocations {
    let inputs: [LinkInput]
    let symbols: LinkSymbols

    /// The relocations of one section of the result.
    struct Table {
        let section: Int
        var relocations: [ELFWriter.Relocation] = []
    }

    /// `R_BPF_64_64`: the 64 bits of a wide load.
    private static let wide: UInt32 = 1
    /// `R_BPF_64_ABS64`: 64 bits of data.
    private static let data64: UInt32 = 2
    /// `R_BPF_64_ABS32`: 32 bits of data.
    private static let data32: UInt32 = 3
    /// `R_BPF_64_32`: the 32 bits of a call.
    private static let call: UInt32 = 10

    func move(in sections: inout LinkSections) throws(ObjectError) -> [Table] {
        var tables: [Table] = []
        var numbers: [Int: Int] = [:]
        for (number, input) in inputs.enumerated() {
            for section in input.file.sections {
                guard let place = sections.place(section.index, ofInput: number) else { continue }
                let relocations: [ELFRelocation]
                do throws(ELFError) {
                    relocations = try input.file.relocations(of: section)
                } catch {
                    throw ObjectError(
                        .malformed, "the relocations cannot be read", context: [.init("object", input.name)],
                        cause: error)
                }
                guard !relocations.isEmpty else { continue }
                let table = numbers[place.output] ?? tables.count
                if table == tables.count {
                    numbers[place.output] = table
                    tables.append(Table(section: place.output))
                }
                for relocation in relocations {
                    do throws(ObjectError) {
                        tables[table].relocations.append(
                            try move(relocation, of: input, number: number, to: place, &sections))
                    } catch {
                        throw ObjectError(
                            error.code, error.message,
                            context: error.context + [
                                .init("object", input.name), .init("section", section.name),
                                .init("offset", relocation.offset),
                            ], hint: error.hint)
                    }
                }
            }
        }
        return tables
    }

    private func move(
        _ relocation: ELFRelocation, of input: LinkInput, number: Int, to place: LinkSections.Place,
        _ sections: inout LinkSections
    ) throws(ObjectError) -> ELFWriter.Relocation {
        guard [Self.wide, Self.data64, Self.data32, Self.call].contains(relocation.type) else {
            throw ObjectError(.unsupported, "relocations of type \(relocation.type) cannot be linked")
        }
        guard let symbol = symbols.number(of: relocation.symbolIndex, ofInput: number) else {
            throw ObjectError(
                .unsupported, "a relocation leads into a section that is left out",
                context: [.init("symbol", input.symbols[relocation.symbolIndex].name)])
        }
        let offset = place.offset + relocation.offset
        let old = input.symbols[relocation.symbolIndex]
        if old.type == .section, let home = old.sectionIndex, let target = sections.place(home, ofInput: number),
            target.offset != 0
        {
            let order = input.file.order
            let isCode = sections.all[place.output].isExecutable
            let isMoved = sections.withBytes(of: place.output) { bytes in
                Self.add(target.offset, to: &bytes, at: Int(offset), relocation.type, isCode: isCode, order: order)
            }
            guard isMoved else {
                throw ObjectError(.malformed, "the bytes that a relocation patches do not all lie in their section")
            }
        }
        return ELFWriter.Relocation(offset: offset, type: relocation.type, symbol: symbol)
    }

    /// Adds the distance that the section moved to what a relocation against it holds in place.
    private static func add(
        _ distance: UInt64, to bytes: inout [UInt8], at offset: Int, _ type: UInt32, isCode: Bool, order: ByteOrder
    ) -> Bool {
        func add32(_ value: UInt64, at: Int) -> Bool {
            guard let held = bytes.span.bytes.integer(at: at, as: UInt32.self, order: order) else { return false }
            bytes.store(held &+ UInt32(truncatingIfNeeded: value), at: at, order: order)
            return true
        }
        if isCode {
            // A call counts instructions, everything else bytes.
            guard let code = bytes.span.bytes.integer(at: offset, as: UInt8.self, order: order) else { return false }
            let isCall = code & 0x07 == 0x05
            return add32(isCall ? distance / UInt64(Instruction.size) : distance, at: offset + 4)
        }
        guard type == data64 else { return add32(distance, at: offset) }
        guard let held = bytes.span.bytes.integer(at: offset, as: UInt64.self, order: order) else { return false }
        bytes.store(held &+ distance, at: offset, order: order)
        return true
    }
}
