// SPDX-License-Identifier: Apache-2.0

public import Bytes
import Diagnostics
import ELF

/// Links several BPF objects into one, as `bpftool gen object` does.
///
/// Sections of one name are put behind each other, symbols are resolved across objects, types are merged and each is kept
/// once. DWARF is left out. What stays undefined stays so: the result can be linked again, or loaded when the kernel
/// provides the rest.
///
/// ```swift
/// var linker = ObjectLinker()
/// try linker.add(first, name: "a.o")
/// try linker.add(second, name: "b.o")
/// let object = try linker.link()
/// ```
public struct ObjectLinker: Sendable {
    private var inputs: [LinkInput] = []

    /// Starts without objects.
    public init() {}

    /// Adds an object.
    ///
    /// - Parameters:
    ///   - bytes: the ELF file.
    ///   - name: what errors call it.
    /// - Throws: ``ObjectError`` when it is no BPF object, is damaged, has another byte order than the others, or uses what
    ///   cannot be linked.
    public mutating func add(_ bytes: OwnedBytes, name: String) throws(ObjectError) {
        let input = try LinkInput(bytes, name: name)
        if let first = inputs.first, first.file.order != input.file.order {
            throw ObjectError(
                .invalidValue, "objects of different byte orders cannot be linked",
                context: [.init("object", name), .init("other object", first.name)],
                hint: "compile all with the same --target, bpfel or bpfeb")
        }
        inputs.append(input)
    }

    /// The linked object's bytes.
    ///
    /// - Throws: ``ObjectError`` that names the objects when two define one symbol, when declarations and definitions
    ///   contradict each other, and when sections of one name differ in kind.
    public func link() throws(ObjectError) -> [UInt8] {
        guard let first = inputs.first else { throw ObjectError(.missing, "there are no objects to link") }
        var sections = LinkSections()
        for index in inputs.indices { try sections.add(inputs[index], number: index) }
        var symbols = LinkSymbols()
        for index in inputs.indices { try symbols.add(inputs[index], number: index, sections: sections) }
        var writer = ELFWriter(order: first.file.order, machine: ELFFile.machineBPF, flags: first.file.flags)
        writer.add(ELFWriter.Section(name: ".strtab", contents: .strings))
        writer.add(ELFWriter.Section(name: ".symtab", contents: .symbols, alignment: 8))
        let relocations = LinkRelocations(inputs: inputs, symbols: symbols)
        let tables = try relocations.move(in: &sections)
        // The sections' numbers in the file follow the two tables.
        for section in sections.all { writer.add(section.description) }
        for symbol in symbols.all { writer.add(symbol.description(firstSection: 3)) }
        for table in tables {
            writer.add(
                ELFWriter.Section(
                    name: ".rel" + sections.all[table.section].name,
                    contents: .relocations(table.relocations, of: table.section + 3, withAddends: false), alignment: 8))
        }
        if inputs.contains(where: { $0.types != nil }) {
            let types = try LinkTypes(inputs: inputs, sections: sections, symbols: symbols, order: first.file.order)
                .merge()
            writer.add(ELFWriter.Section(name: ".BTF", contents: .bytes(types.types), alignment: 8))
            if let records = types.records {
                writer.add(ELFWriter.Section(name: ".BTF.ext", contents: .bytes(records), alignment: 8))
            }
        }
        do throws(ELFError) {
            return try writer.encode()
        } catch {
            throw ObjectError(.unsupported, "the linked object cannot be written", cause: error)
        }
    }
}
