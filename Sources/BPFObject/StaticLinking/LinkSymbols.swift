// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import ELF

/// The symbols of the result: local ones as they are, global ones resolved across objects.
struct LinkSymbols {
    /// A symbol of the result.
    struct Output {
        var name: String
        /// The section of the result and the offset in it; `nil` for an undefined symbol.
        var place: LinkSections.Place?
        var isAbsolute = false
        var size: UInt64
        var type: ELFSymbol.SymbolType
        var binding: ELFSymbol.SymbolBinding
        var visibility: ELFSymbol.SymbolVisibility
        /// The object that defines it, else the first that declares it.
        var owner: Int
        var ownerName: String
        /// Whether the definition itself is weak, whatever declarations made of the binding.
        var isWeakDefinition = false

        var isDefined: Bool { place != nil || isAbsolute }

        func description(firstSection: Int) -> ELFWriter.Symbol {
            var home = ELFWriter.Symbol.Home.undefined
            if isAbsolute { home = .absolute }
            if let place { home = .section(place.output + firstSection) }
            return ELFWriter.Symbol(
                name: name, home: home, value: place?.offset ?? 0, size: size, type: type, binding: binding,
                visibility: visibility)
        }
    }

    private(set) var all: [Output] = []
    private var globals: [String: Int] = [:]
    private var sectionSymbols: [Int: Int] = [:]
    /// For each object, the new number (from 1) of each symbol; 0 for those that are left out.
    private var numbers: [[Int]] = []

    /// The global symbol of a name.
    func global(named name: String) -> Output? { globals[name].map { all[$0] } }

    /// The new number of an object's symbol, as ``ELFWriter`` counts; `nil` when it is left out.
    func number(of symbol: Int, ofInput input: Int) -> Int? {
        guard numbers[input].indices.contains(symbol), numbers[input][symbol] != 0 else { return nil }
        return numbers[input][symbol]
    }

    mutating func add(_ input: LinkInput, number: Int, sections: LinkSections) throws(ObjectError) {
        var list = [Int](repeating: 0, count: input.symbols.count)
        for symbol in input.symbols where symbol.index != 0 {
            if let added = try add(symbol, of: input, number: number, sections: sections) {
                list[symbol.index] = added + 1
            }
        }
        numbers.append(list)
    }

    private mutating func add(
        _ symbol: ELFSymbol, of input: LinkInput, number: Int, sections: LinkSections
    ) throws(ObjectError) -> Int? {
        func refusal(_ message: String) -> ObjectError {
            ObjectError(.unsupported, message, context: [.init("object", input.name), .init("symbol", symbol.name)])
        }
        guard !symbol.isCommon else { throw refusal("common symbols cannot be linked; compile with -fno-common") }
        guard [.local, .global, .weak].contains(symbol.binding) else {
            throw refusal("a symbol has the unknown binding \(symbol.binding.rawValue)")
        }
        guard [.default, .hidden].contains(symbol.visibility) else {
            throw refusal("a symbol's visibility is neither default nor hidden")
        }
        var output = Output(
            name: symbol.name, place: nil, size: symbol.size, type: symbol.type, binding: symbol.binding,
            visibility: symbol.visibility, owner: number, ownerName: input.name)
        output.isAbsolute = symbol.isAbsolute
        output.isWeakDefinition = symbol.binding == .weak
        if let section = symbol.sectionIndex {
            guard let place = sections.place(section, ofInput: number) else {
                // What is in a section that another object brought is that object's; the rest has no meaning here.
                return globals[symbol.name].flatMap { symbol.binding == .local ? nil : $0 }
            }
            let (offset, overflow) = place.offset.addingReportingOverflow(symbol.value)
            guard !overflow else { throw refusal("a symbol lies past the end of its section") }
            output.place = LinkSections.Place(output: place.output, offset: offset)
            if symbol.type == .section {
                if let known = sectionSymbols[place.output] { return known }
                output.place = LinkSections.Place(output: place.output, offset: 0)
                sectionSymbols[place.output] = all.count
            }
        } else if symbol.isAbsolute, symbol.type != .file {
            throw refusal("absolute symbols cannot be linked")
        }
        guard symbol.binding != .local else {
            if symbol.isUndefined { throw refusal("a local symbol is not defined") }
            all.append(output)
            return all.count - 1
        }
        guard let known = globals[symbol.name] else {
            globals[symbol.name] = all.count
            all.append(output)
            return all.count - 1
        }
        try resolve(known, with: output)
        return known
    }

    private mutating func resolve(_ known: Int, with new: Output) throws(ObjectError) {
        var symbol = all[known]
        if symbol.isDefined, new.isDefined, !symbol.isWeakDefinition, !new.isWeakDefinition {
            throw ObjectError(
                .invalidValue, "\(new.name) is defined in two objects",
                context: [
                    .init("symbol", new.name), .init("object", symbol.ownerName), .init("other object", new.ownerName),
                ],
                hint: "make one of them static, or __weak so that the other replaces it")
        }
        // A strong declaration makes the whole strong, and the stricter visibility holds.
        if new.binding == .global { symbol.binding = .global }
        if new.visibility.rawValue > symbol.visibility.rawValue { symbol.visibility = new.visibility }
        if new.isDefined, !symbol.isDefined || !new.isWeakDefinition {
            symbol.place = new.place
            symbol.size = new.size
            symbol.type = new.type
            symbol.owner = new.owner
            symbol.ownerName = new.ownerName
            symbol.isWeakDefinition = new.isWeakDefinition
        }
        all[known] = symbol
    }
}
