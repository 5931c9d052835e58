// SPDX-License-Identifier: Apache-2.0

import BPFInstruction
import Diagnostics
import ELF

/// Relocations of instructions become references by name.
extension ObjectReader {
    mutating func readReferences() throws(ObjectError) {
        for external in externals { externalKinds[external.name, default: []].insert(external.kind) }
        for section in file.sections {
            guard let ranges = functionsBySection[section.index] else { continue }
            var relocated: Set<Int> = []
            var references = [[FunctionSpec.Reference]](repeating: [], count: ranges.count)
            for relocation in try relocations(of: section) {
                guard let offset = Int(exactly: relocation.offset), offset.isMultiple(of: 8),
                    symbols.indices.contains(relocation.symbolIndex)
                else {
                    throw ObjectError(
                        .malformed, "a relocation has an offset or symbol that does not exist",
                        context: [.init("section", section.name), .init("offset", relocation.offset)])
                }
                // Code that belongs to no function cannot be reached.
                guard let number = ranges.lastIndex(startingAtOrBefore: offset), offset < ranges[number].end else {
                    continue
                }
                let range = ranges[number]
                relocated.insert(offset)
                let found = try reference(
                    to: symbols[relocation.symbolIndex], at: (offset - range.start) / 8, in: range, of: section)
                if let found { references[number].append(found) }
            }
            // Calls inside one section need no relocation: the distance is in the instruction.
            for (number, range) in ranges.enumerated() {
                references[number] += try localReferences(range, section, relocated)
                functions[range.name]?.references += references[number]
                functions[range.name]?.references.sort { $0.instruction < $1.instruction }
            }
        }
    }

    private func reference(
        to symbol: ELFSymbol, at index: Int, in range: FunctionRange, of section: ELFSection
    ) throws(ObjectError) -> FunctionSpec.Reference? {
        guard let function = functions[range.name], function.instructions.indices.contains(index) else { return nil }
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
        return .init(instruction: index, target: target)
    }

    private func callTarget(
        _ symbol: ELFSymbol, _ instruction: Instruction, _ context: [DiagnosticContext]
    ) throws(ObjectError) -> FunctionSpec.Reference.Target {
        guard let sectionIndex = symbol.sectionIndex else {
            guard externalKinds[symbol.name]?.contains(.kernelFunction) ?? false else {
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
            guard externalKinds[symbol.name] != nil else {
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

    private func localReferences(
        _ range: FunctionRange, _ section: ELFSection, _ relocated: Set<Int>
    ) throws(ObjectError) -> [FunctionSpec.Reference] {
        guard let function = functions[range.name] else { return [] }
        var references: [FunctionSpec.Reference] = []
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
                references.append(.init(instruction: index, target: .function(name)))
            } else if instruction.isFunctionAddressLoad,
                let name = functionName(section: section.index, offset: target)
            {
                references.append(.init(instruction: index, target: .functionAddress(name)))
            }
        }
        return references
    }

    private func functionName(section: Int, offset: Int64) -> String? {
        guard let ranges = functionsBySection[section], let offset = Int(exactly: offset),
            let index = ranges.lastIndex(startingAtOrBefore: offset), ranges[index].start == offset
        else { return nil }
        return ranges[index].name
    }
}

extension [ObjectReader.FunctionRange] {
    /// The index of the last function that starts at an offset or before it; the functions are in order.
    fileprivate func lastIndex(startingAtOrBefore offset: Int) -> Int? {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle].start <= offset { low = middle + 1 } else { high = middle }
        }
        return low > 0 ? low - 1 : nil
    }
}
