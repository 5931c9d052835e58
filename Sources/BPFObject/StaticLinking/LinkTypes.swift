// SPDX-License-Identifier: Apache-2.0

import BTF
import Bytes
import Diagnostics
import ELF

/// Merges the types of all objects, and what `.BTF.ext` says about their code.
struct LinkTypes {
    let inputs: [LinkInput]
    let sections: LinkSections
    let symbols: LinkSymbols
    let order: ByteOrder

    /// The contents of the two sections.
    struct Result {
        let types: [UInt8]
        let records: [UInt8]?
    }

    /// A variable or function of a global name, described in some object.
    private struct Description {
        let input: Int
        let id: BTFTypeID
    }

    /// A variable of a data section of the result.
    private struct Entry {
        let type: BTFTypeID
        let offset: UInt32
        let size: UInt32
    }

    /// A declaration and the description that stands for it, in the numbers of the merged types.
    private struct Comparison {
        let name: String
        let object: String
        let type: BTFTypeID
        let otherObject: String
        let otherType: BTFTypeID
    }

    func merge() throws(ObjectError) -> Result {
        let chosen = try read { () throws(BTFError) in try chooseDescriptions() }
        let (merged, maps, comparisons) = try read { () throws(BTFError) in try concatenate(chosen) }
        let (table, identifiers) = try read { () throws(BTFError) in
            var deduplicator = try BTFDeduplicator(order: order)
            try deduplicator.add(try BTFTable(OwnedBytes(try merged.encode())))
            let result = try deduplicator.deduplicate()
            return (try BTFTable(OwnedBytes(result.bytes)), result.identifiers)
        }
        // From an id of the merged types to one of those that are left.
        func final(_ id: BTFTypeID) -> BTFTypeID {
            let index = Int(id.rawValue) - 1
            return identifiers.indices.contains(index) ? identifiers[index] : .void
        }
        for comparison in comparisons { try compare(comparison, in: table, final) }
        var builder = try read { () throws(BTFError) in try BTFBuilder(copying: table) }
        let finals = maps.map { $0.map(final) }
        try addDataSections(to: &builder, chosen, finals)
        return try read { () throws(BTFError) in
            let records = try LinkRecords(inputs: inputs, sections: sections, identifiers: finals).encode(
                into: &builder)
            return Result(types: try builder.encode(), records: records)
        }
    }

    // MARK: Global names

    private static func globalName(of type: BTFType) -> String? {
        switch type {
        case .variable(let variable) where variable.linkage != .static: variable.name
        case .function(let function) where function.linkage != .static: function.name
        default: nil
        }
    }

    /// For each global symbol the description that stands for all: that of the object which defines it, else the first.
    private func chooseDescriptions() throws(BTFError) -> [String: Description] {
        var chosen: [String: Description] = [:]
        for (number, input) in inputs.enumerated() {
            guard let types = input.types else { continue }
            for id in types.ownTypeIDs where types.kind(id) == .variable || types.kind(id) == .function {
                guard let name = Self.globalName(of: try type(id, of: number)), let symbol = symbols.global(named: name)
                else {
                    continue
                }
                if let known = chosen[name], known.input == number || symbol.owner != number { continue }
                chosen[name] = Description(input: number, id: id)
            }
        }
        return chosen
    }

    // MARK: Putting together

    private typealias Concatenation = (merged: BTFBuilder, maps: [[BTFTypeID]], comparisons: [Comparison])

    /// All types behind each other; what is described more than once is left out but for the chosen description.
    private func concatenate(_ chosen: [String: Description]) throws(BTFError) -> Concatenation {
        var next: UInt32 = 1
        var maps: [[BTFTypeID]] = []
        var replaced: [(input: Int, id: BTFTypeID, name: String)] = []
        for (number, input) in inputs.enumerated() {
            var map = [BTFTypeID](repeating: .void, count: input.types?.typeCount ?? 1)
            if let types = input.types {
                for id in types.ownTypeIDs {
                    let kind = types.kind(id)
                    if kind == .dataSection { continue }
                    if kind == .variable || kind == .function, let name = Self.globalName(of: try type(id, of: number)),
                        let description = chosen[name], description.input != number || description.id != id
                    {
                        replaced.append((number, id, name))
                        continue
                    }
                    map[Int(id.rawValue)] = BTFTypeID(next)
                    next += 1
                }
            }
            maps.append(map)
        }
        var comparisons: [Comparison] = []
        for (number, id, name) in replaced {
            guard let description = chosen[name] else { continue }
            maps[number][Int(id.rawValue)] = maps[description.input][Int(description.id.rawValue)]
            if let own = try reference(of: id, in: number),
                let other = try reference(of: description.id, in: description.input)
            {
                comparisons.append(
                    Comparison(
                        name: name, object: inputs[description.input].name,
                        type: mapped(other, maps[description.input]),
                        otherObject: inputs[number].name, otherType: mapped(own, maps[number])))
            }
        }
        var merged = BTFBuilder(order: order)
        for (number, input) in inputs.enumerated() {
            guard let types = input.types else { continue }
            var budget = types.nameBudget
            for id in types.ownTypeIDs {
                let kind = types.kind(id)
                if kind == .dataSection { continue }
                let type = try self.type(id, of: number, nameBudget: &budget)
                if kind == .variable || kind == .function, let name = Self.globalName(of: type),
                    let description = chosen[name], description.input != number || description.id != id
                {
                    continue
                }
                var missing: BTFTypeID?
                merged.add(
                    defined(type).mappingReferences { target in
                        if Int(target.rawValue) >= types.typeCount { missing = target }
                        return mapped(target, maps[number])
                    })
                if let missing {
                    throw BTFError(
                        .unknownType, "a type refers to one that does not exist",
                        context: [
                            .init("object", input.name), .init("section", ".BTF"), .init("type", id.rawValue),
                            .init("refers to", missing.rawValue),
                        ])
                }
            }
        }
        return (merged, maps, comparisons)
    }

    /// Decodes a type; errors name the object.
    private func type(_ id: BTFTypeID, of input: Int) throws(BTFError) -> BTFType {
        var budget = inputs[input].types?.nameBudget ?? 0
        return try type(id, of: input, nameBudget: &budget)
    }

    private func type(_ id: BTFTypeID, of input: Int, nameBudget: inout Int) throws(BTFError) -> BTFType {
        do throws(BTFError) {
            return try inputs[input].types?.type(id, nameBudget: &nameBudget) ?? .void
        } catch {
            throw BTFError(
                error.code, error.message,
                context: [.init("object", inputs[input].name), .init("section", ".BTF")] + error.context,
                hint: error.hint)
        }
    }

    private func mapped(_ id: BTFTypeID, _ map: [BTFTypeID]) -> BTFTypeID {
        map.indices.contains(Int(id.rawValue)) ? map[Int(id.rawValue)] : .void
    }

    private func reference(of id: BTFTypeID, in input: Int) throws(BTFError) -> BTFTypeID? {
        switch try inputs[input].types?.type(id) {
        case .variable(let variable): variable.type
        case .function(let function): function.prototype
        default: nil
        }
    }

    /// A declaration whose symbol an object without types defines is a definition now.
    private func defined(_ type: BTFType) -> BTFType {
        guard let name = Self.globalName(of: type), symbols.global(named: name)?.isDefined ?? false else { return type }
        switch type {
        case .function(var function) where function.linkage == .extern:
            function.linkage = .global
            return .function(function)
        case .variable(var variable) where variable.linkage == .extern:
            variable.linkage = .global
            return .variable(variable)
        default: return type
        }
    }

    private func compare(
        _ comparison: Comparison, in table: BTFTable, _ final: (BTFTypeID) -> BTFTypeID
    ) throws(ObjectError) {
        var comparer = DeclarationComparer(table)
        let (left, right) = (final(comparison.type), final(comparison.otherType))
        guard try read({ () throws(BTFError) in try comparer.agree(left, right) }) else {
            throw ObjectError(
                .invalidValue, "\(comparison.name) has different types in two objects",
                context: [
                    .init("object", comparison.object), .init("other object", comparison.otherObject),
                    .init("type", Self.text(left, table)), .init("the other's", Self.text(right, table)),
                ], hint: "declare it in a header that both sources include")
        }
    }

    private static func text(_ id: BTFTypeID, _ table: BTFTable) -> String {
        guard let type = try? table.type(id) else { return "\(id)" }
        let kind = type.kind.map { $0.kernelName.lowercased() } ?? "void"
        guard case .functionPrototype(let prototype) = type else {
            return type.name.isEmpty ? kind : "\(kind) \(type.name)"
        }
        return "function of \(prototype.parameters.count) parameters"
    }

    // MARK: Data sections

    private func addDataSections(
        to builder: inout BTFBuilder, _ chosen: [String: Description], _ maps: [[BTFTypeID]]
    ) throws(ObjectError) {
        var order: [String] = []
        var entries: [String: [Entry]] = [:]
        var sizes: [String: UInt32] = [:]
        for (number, input) in inputs.enumerated() {
            guard let types = input.types else { continue }
            for id in types.ownTypeIDs where types.kind(id) == .dataSection {
                guard case .dataSection(let section) = try read({ () throws(BTFError) in try type(id, of: number) })
                else {
                    continue
                }
                if entries[section.name] == nil {
                    order.append(section.name)
                    entries[section.name] = []
                }
                let output = sections.number(named: section.name)
                sizes[section.name] = output.map { UInt32(truncatingIfNeeded: sections.all[$0].size) } ?? section.size
                let home = input.file.sections.first { $0.name == section.name && input.isLinked[$0.index] }
                let place = home.flatMap { sections.place($0.index, ofInput: number) }
                // One of equal licenses is kept, and so is its variable.
                if home != nil, place == nil { continue }
                for variable in section.variables {
                    let type = try read { () throws(BTFError) in try self.type(variable.type, of: number) }
                    var isOwn = true
                    if let name = Self.globalName(of: type), let description = chosen[name] {
                        isOwn = description.input == number && description.id == variable.type
                    }
                    guard isOwn else { continue }
                    let (offset, overflow) = variable.offset.addingReportingOverflow(
                        UInt32(truncatingIfNeeded: place?.offset ?? 0))
                    guard !overflow else {
                        throw ObjectError(
                            .malformed, "a variable lies past the end of its section",
                            context: [
                                .init("object", input.name), .init("section", section.name), .init("symbol", type.name),
                            ])
                    }
                    entries[section.name, default: []].append(
                        Entry(type: mapped(variable.type, maps[number]), offset: offset, size: variable.size))
                }
            }
        }
        for name in order {
            let list = (entries[name] ?? []).sorted { ($0.offset, $0.type.rawValue) < ($1.offset, $1.type.rawValue) }
            builder.add(
                .dataSection(
                    BTFDataSection(
                        name: name, size: sizes[name] ?? 0,
                        variables: list.map { BTFDataSectionVariable(type: $0.type, offset: $0.offset, size: $0.size) })
                ))
        }
    }

    private func read<Value>(_ body: () throws(BTFError) -> Value) throws(ObjectError) -> Value {
        do throws(BTFError) {
            return try body()
        } catch {
            throw ObjectError(.malformed, "the types of the objects cannot be merged", cause: error)
        }
    }
}
