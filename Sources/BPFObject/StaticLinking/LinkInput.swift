// SPDX-License-Identifier: Apache-2.0

import BTF
import Bytes
import Diagnostics
import ELF

/// One object that is linked, read and checked.
struct LinkInput: Sendable {
    let name: String
    let file: ELFFile
    let symbols: [ELFSymbol]
    /// The types, with the offsets of variables filled in.
    let types: BTFTable?
    let records: BTFExtension?
    /// Whether each section goes into the result.
    let isLinked: [Bool]

    /// More than any real section needs; a bound on what damaged ones make of the result.
    private static let maximumAlignment: UInt64 = 1 << 16

    init(_ bytes: OwnedBytes, name: String) throws(ObjectError) {
        self.name = name
        let file: ELFFile
        do throws(ELFError) {
            file = try ELFFile(bytes)
            try file.requireBPFObject()
            try file.requireSeparateSections()
            symbols = try file.symbols()
        } catch {
            throw ObjectError(
                .malformed, "the object cannot be linked", context: [.init("object", name)], hint: error.hint,
                cause: error)
        }
        self.file = file
        var isLinked: [Bool] = []
        for section in file.sections {
            let linked = try Self.isLinked(section, of: name)
            isLinked.append(linked)
            guard linked else { continue }
            guard section.alignment <= 1 || section.alignment.nonzeroBitCount == 1,
                section.alignment <= Self.maximumAlignment
            else {
                throw Self.refusal(.malformed, "a section has the alignment \(section.alignment)", section, name)
            }
        }
        self.isLinked = isLinked
        do {
            types = try Self.types(of: file, symbols: symbols)
            records = try Self.records(of: file, types: types)
        } catch {
            throw ObjectError(
                .malformed, "the object's types cannot be read", context: [.init("object", name)], cause: error)
        }
    }

    /// Whether a section is data or code of the program; tables, debug information and what is made anew are not.
    private static func isLinked(_ section: ELFSection, of object: String) throws(ObjectError) -> Bool {
        if section.name == EmbeddedKernelTypes.sectionName {
            throw refusal(
                .unsupported, "the object brings types of kernels along, which do not fit the linked object", section,
                object,
                hint: "link first, then embed the types: skep btf minimize --embed")
        }
        for left in [".debug_", ".zdebug_"] where section.name.hasPrefix(left) { return false }
        if [".BTF", ".BTF.ext", ".llvm_addrsig", ".comment", ".note.GNU-stack"].contains(section.name) { return false }
        // An empty .text is in every object.
        if section.name == ".text", section.size == 0 { return false }
        switch section.type {
        case ELFSection.programBits, ELFSection.noBits: break
        case ELFSection.null, ELFSection.symbolTable, ELFSection.stringTable, ELFSection.relocations,
            ELFSection.addressSignificance:
            return false
        case ELFSection.relocationsWithAddends:
            throw refusal(
                .unsupported, "BPF objects have relocations without addends (REL), but this is RELA", section, object)
        default:
            throw refusal(.unsupported, "sections of type \(section.type) cannot be linked", section, object)
        }
        guard !section.isCompressed else {
            throw refusal(.unsupported, "compressed sections cannot be linked", section, object)
        }
        return true
    }

    private static func refusal(
        _ code: ObjectError.Code, _ message: String, _ section: ELFSection, _ object: String, hint: String? = nil
    ) -> ObjectError {
        ObjectError(
            code, message,
            context: [.init("object", object), .init("section", section.name), .init("offset", section.offset)],
            hint: hint)
    }

    /// Reads the types; clang leaves the offsets of variables to relocations.
    private static func types(of file: ELFFile, symbols: [ELFSymbol]) throws -> BTFTable? {
        guard let section = file.section(named: ".BTF"), section.size > 0 else { return nil }
        let contents = try file.contents(of: section)
        let relocations = try file.relocations(of: section)
        guard !relocations.isEmpty else { return try BTFTable(contents) }
        var bytes = contents.array
        for relocation in relocations {
            guard let at = Int(exactly: relocation.offset), symbols.indices.contains(relocation.symbolIndex),
                let held = contents.span.integer(at: at, as: UInt32.self, order: file.order)
            else {
                throw BTFError(
                    .malformed, "a relocation of .BTF reaches past its end",
                    context: [.init("offset", relocation.offset)])
            }
            let value = UInt32(truncatingIfNeeded: symbols[relocation.symbolIndex].value)
            bytes.store(held &+ value, at: at, order: file.order)
        }
        return try BTFTable(OwnedBytes(bytes))
    }

    private static func records(of file: ELFFile, types: BTFTable?) throws -> BTFExtension? {
        guard let types, let section = file.section(named: ".BTF.ext"), section.size > 0 else { return nil }
        return try BTFExtension(try file.contents(of: section), table: types)
    }
}
