// SPDX-License-Identifier: Apache-2.0

import BPFInstruction
import Diagnostics
import ELF

/// Relocations of instructions become references by name.
extension ObjectReader {
    mutating func readReferences() throws(ObjectError) {
        for section in file.sections {
            guard let ranges = functionsBySection[section.index] else { continue }
            var relocated: Set<Int> = []
            for relocation in try relocations(of: section) {
                guard let offset = Int(exactly: relocation.offset), offset.isMultiple(of: 8),
                    symbols.indices.contains(relocation.symbolIndex)
                else {
                    throw ObjectError(
                        .malformed, "a relocation has an offset or symbol that does not exist",
                        context: [.init("section", section.name), .init("offset", relocation.offset)])
                }
                // Code that belongs to no function cannot be reached.
                guard let range = ranges.first(where: { $0.start <= offset && offset < $0.end }) else { continue }
                relocated.insert(offset)
                try addReference(
                    to: symbols[relocation.symbolIndex], at: (offset - range.start) / 8, in: range, of: section)
            }
            // Calls inside one section need no relocation: the distance is in the instruction.
            for range in ranges {
                try addLocalReferences(range, ranges, section, relocated)
                functions[range.name]?.references.sort { $0.instruction < $1.instruction }
            }
        }
    }

    private mutating func addReference(
        to symbol: ELFSymbol, at index: Int, in range: FunctionRange, of section: ELFSection
    ) throws(ObjectError) {
        guard let function = functions[range.name], function.instructions.indices.contains(index) else { return }
        let instruction = function.instructions[index]
        let context = [
            DiagnosticContext("section", section.name), DiagnosticContext("function", range.name),
            DiagnosticContext("instruction", index), DiagnosticContext("symbol", symbol.name),
        ]
        let target: FunctionSpec.Reference.Target
        if instruction.isCall {
            target = try callTarget(symbol, instruction, context)
        } else if instruction.isWideLoad {
            guard index + 1 < function.instructions.count else {
                throw ObjectError(.malformed, "a wide load lacks its second half", context: context)
            }
            target = try loadTarget(symbol, instruction, context)
        } else {
            throw ObjectError(
                .unsupported, "an instruction that is neither a call nor a wide load is relocated", context: context)
        }
        functions[range.name]?.references.append(.init(instruction: index, target: target))
    }

    private func callTarget(
        _ symbol: ELFSymbol, _ instruction: Instruction, _ context: [DiagnosticContext]
    ) throws(ObjectError) -> FunctionSpec.Reference.Target {
        guard let sectionIndex = symbol.sectionIndex else {
            guard externals.contains(where: { $0.name == symbol.name && $0.kind == .kernelFunction }) else {
                throw ObjectError(
                    .missing, "the function \(symbol.name) is called but defined nowhere", context: context,
                    hint: "define it, or declare it `extern … __ksym;` if the kernel has it")
            }
            return .kernelFunction(symbol.name)
        }
        // Against a section the addend is in the instruction: the target's index minus one.
        let addend = symbol.type == .section ? (Int64(instruction.immediate) + 1) * 8 : 0
        let offset = Int64(clamping: symbol.value) &+ addend
        guard let name = functionName(section: sectionIndex, offset: offset) else {
            throw ObjectError(.malformed, "a call leads to no function", context: context)
        }
        return .function(name)
    }

    private func loadTarget(
        _ symbol: ELFSymbol, _ instruction: Instruction, _ context: [DiagnosticContext]
    ) throws(ObjectError) -> FunctionSpec.Reference.Target {
        guard let sectionIndex = symbol.sectionIndex else {
            guard externals.contains(where: { $0.name == symbol.name }) else {
                throw ObjectError(
                    .missing, "the symbol \(symbol.name) is used but defined nowhere", context: context,
                    hint: "declare it `extern … __kconfig;` or `extern … __ksym;` if the kernel has it")
            }
            return .external(symbol.name)
        }
        if let map = definedMaps[MapLocation(section: sectionIndex, offset: symbol.value)],
            symbol.type != .section || instruction.immediate == 0
        {
            return .map(map)
        }
        if symbol.type == .section,
            let map = definedMaps[
                MapLocation(section: sectionIndex, offset: UInt64(UInt32(bitPattern: instruction.immediate)))]
        {
            return .map(map)
        }
        let offset = Int64(clamping: symbol.value) &+ Int64(instruction.immediate)
        if let map = dataMaps[sectionIndex] {
            guard let offset = UInt32(exactly: offset) else {
                throw ObjectError(.malformed, "the address of a variable lies outside its section", context: context)
            }
            return .mapValue(map: map, offset: offset)
        }
        if let name = functionName(section: sectionIndex, offset: offset) {
            return .functionAddress(name)
        }
        let sectionName = file.sections.indices.contains(sectionIndex) ? file.sections[sectionIndex].name : "?"
        throw ObjectError(
            .unsupported, "an instruction refers to section \(sectionName), which is neither code, maps nor data",
            context: context)
    }

    private mutating func addLocalReferences(
        _ range: FunctionRange, _ ranges: [FunctionRange], _ section: ELFSection, _ relocated: Set<Int>
    ) throws(ObjectError) {
        guard let function = functions[range.name] else { return }
        for (index, instruction) in function.instructions.enumerated() {
            let offset = range.start + index * 8
            guard !relocated.contains(offset) else { continue }
            let distance = Int64(instruction.immediate)
            let target = Int64(offset) &+ (distance &+ 1) &* 8
            if instruction.isLocalCall {
                guard let name = functionName(section: section.index, offset: target) else {
                    throw ObjectError(
                        .malformed, "a call leads to no function",
                        context: [
                            .init("section", section.name), .init("function", range.name), .init("instruction", index),
                        ])
                }
                functions[range.name]?.references.append(.init(instruction: index, target: .function(name)))
            } else if instruction.isFunctionAddressLoad,
                let name = functionName(section: section.index, offset: target)
            {
                functions[range.name]?.references.append(.init(instruction: index, target: .functionAddress(name)))
            }
        }
    }

    private func functionName(section: Int, offset: Int64) -> String? {
        functionsBySection[section]?.first { Int64($0.start) == offset }?.name
    }
}
