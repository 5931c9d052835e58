// SPDX-License-Identifier: Apache-2.0

import BPFInstruction
import BTF
import Bytes
import Diagnostics
import ELF

extension ObjectReader {
    /// Cuts the executable sections into functions by their symbols.
    ///
    /// Linked objects may hold several static functions of one name, one from each source; all but the first get a number
    /// behind it, and a global function keeps its name always.
    mutating func readFunctions() throws(ObjectError) {
        let globals = Set(symbols.lazy.filter { $0.type == .function && $0.binding != .local }.map(\.name))
        for section in file.sections where section.isExecutable && section.type == ELFSection.programBits {
            let bytes = try contents(of: section)
            guard bytes.count > 0 else { continue }
            let code: [Instruction]
            do throws(InstructionError) {
                code = try Instruction.decode(bytes.span, order: file.order)
            } catch {
                throw ObjectError(
                    .malformed, "cannot decode the instructions of a section",
                    context: [.init("section", section.name)], cause: error)
            }
            var ranges: [FunctionRange] = []
            let starts = (symbolsBySection[section.index] ?? []).filter { $0.type == .function }
                .sorted { ($0.value, $1.size) < ($1.value, $0.size) }
            for (index, symbol) in starts.enumerated() {
                // Functions written in assembly may have no size: they end where the next one starts.
                let size =
                    symbol.size == 0
                    ? (starts[index...].first { $0.value > symbol.value }?.value ?? UInt64(bytes.count))
                        .subtractingReportingOverflow(symbol.value).partialValue
                    : symbol.size
                if size == 0 { continue }
                // Two names for one start are aliases; the first one stands for both.
                if let last = ranges.last, UInt64(last.start) == symbol.value { continue }
                guard symbol.value.isMultiple(of: 8), size.isMultiple(of: 8), size > 0,
                    symbol.value <= UInt64(bytes.count), size <= UInt64(bytes.count) - symbol.value
                else {
                    throw ObjectError(
                        .malformed, "a function does not lie inside its section",
                        context: [
                            .init("section", section.name), .init("function", symbol.name),
                            .init("offset", symbol.value), .init("size", size),
                        ])
                }
                let start = Int(symbol.value)
                let end = start + Int(size)
                if let last = ranges.last, last.end > start {
                    throw ObjectError(
                        .malformed, "two functions overlap",
                        context: [.init("section", section.name), .init("function", symbol.name)])
                }
                let name = symbol.binding == .local ? freeName(symbol.name, globals: globals) : symbol.name
                guard functions[name] == nil else {
                    throw ObjectError(
                        .unsupported, "two functions have the name \(symbol.name)",
                        context: [.init("section", section.name)])
                }
                ranges.append(
                    FunctionRange(name: name, start: start, end: end, isLocal: symbol.binding == .local))
                functions[name] = FunctionSpec(
                    name: name, section: section.name, sectionOffset: start,
                    isGlobal: symbol.binding != .local && symbol.visibility != .hidden,
                    instructions: Array(code[start / 8..<end / 8]))
            }
            functionsBySection[section.index] = ranges
        }
    }

    private mutating func freeName(_ name: String, globals: Set<String>) -> String {
        guard functions[name] != nil || globals.contains(name) else { return name }
        // Counting goes on where it was left, so that many functions of one name cost no more than others.
        var number = localNumbers[name] ?? 1
        while functions["\(name).\(number)"] != nil || globals.contains("\(name).\(number)") { number += 1 }
        localNumbers[name] = number + 1
        return "\(name).\(number)"
    }

    /// Gives functions their types, source lines and CO-RE relocations from `.BTF.ext`.
    mutating func readFunctionInformation() throws(ObjectError) {
        guard let typeExtension else { return }
        for (ranges, records) in grouped(typeExtension.functionInformation) {
            let starts = Dictionary(ranges.map { ($0.start, $0.name) }) { first, _ in first }
            for record in records {
                if let name = starts[Int(record.instructionOffset)] { functions[name]?.type = record.type }
            }
        }
        for (ranges, records) in grouped(typeExtension.lineInformation) {
            let records = records.sorted { $0.instructionOffset < $1.instructionOffset }
            forEachFunction(ranges, records, offset: { Int($0.instructionOffset) }) { range, records in
                functions[range.name]?.lines = records.map { record in
                    var record = record
                    record.instructionOffset = (record.instructionOffset - UInt32(range.start)) / 8
                    return record
                }
            }
        }
        for (ranges, records) in grouped(typeExtension.coreRelocations) {
            let records = records.sorted { $0.instructionOffset < $1.instructionOffset }
            forEachFunction(ranges, records, offset: { Int($0.instructionOffset) }) { range, records in
                functions[range.name]?.coreRelocations = Array(records)
            }
        }
    }

    /// The records of each section with functions, once a section however often `.BTF.ext` names it.
    private func grouped<Record>(
        _ sections: [BTFExtensionSection<Record>]
    ) -> [(ranges: [FunctionRange], records: [Record])] {
        let numbers = Dictionary(file.sections.map { ($0.name, $0.index) }) { first, _ in first }
        var records: [Int: [Record]] = [:]
        for section in sections {
            guard let number = numbers[section.sectionName], functionsBySection[number] != nil else { continue }
            records[number, default: []] += section.records
        }
        return records.sorted { $0.key < $1.key }.map { (functionsBySection[$0.key] ?? [], $0.value) }
    }

    /// Splits sorted records by the functions that they lie in.
    private func forEachFunction<Record>(
        _ ranges: [FunctionRange], _ records: [Record], offset: (Record) -> Int,
        _ body: (FunctionRange, ArraySlice<Record>) -> Void
    ) {
        var next = records.startIndex
        for range in ranges {
            while next < records.endIndex, offset(records[next]) < range.start { next += 1 }
            let first = next
            while next < records.endIndex, offset(records[next]) < range.end { next += 1 }
            if first < next { body(range, records[first..<next]) }
        }
    }

    /// Finds which functions are named as another's exception callback; nothing in the code refers to them.
    mutating func readExceptionCallbacks() throws(ObjectError) {
        let prefix = "exception_callback:"
        guard let types else { return }
        for id in types.ownTypeIDs where types.kind(id) == .declarationTag {
            guard case .declarationTag(let tag) = try type(id), tag.componentIndex == -1, tag.name.hasPrefix(prefix),
                let owner = functions.first(where: { $0.value.type == tag.type })?.key
            else { continue }
            let name = String(tag.name.dropFirst(prefix.count))
            guard functions[name] != nil else {
                throw ObjectError(
                    .missing, "the function \(owner) names \(name) as its exception callback, which is defined nowhere",
                    context: [.init("function", owner)])
            }
            functions[owner]?.exceptionCallback = name
        }
    }

    /// Lists the programs: the functions of all sections but `.text`, whose functions are subprograms, as are static
    /// functions that others call.
    mutating func readPrograms() {
        var called: Set<String> = []
        for function in functions.values {
            for reference in function.references {
                switch reference.target {
                case .function(let name), .functionAddress(let name): called.insert(name)
                default: break
                }
            }
        }
        for section in file.sections {
            guard section.name != ".text", let ranges = functionsBySection[section.index] else { continue }
            let isOptional = section.name.hasPrefix("?")
            let sectionName = isOptional ? String(section.name.dropFirst()) : section.name
            let match = SectionDefinition.find(sectionName)
            for range in ranges where !(called.contains(range.name) && range.isLocal) {
                programs.append(
                    ProgramSpec(
                        name: range.name, section: sectionName, isLoadedByDefault: !isOptional,
                        hook: match?.definition, target: match?.target))
            }
        }
    }
}
