// SPDX-License-Identifier: Apache-2.0

import BTF
import Bytes
import DWARF
public import ELF

/// Finds the row types of an object's streams and the help of its parameters, and writes them into its types.
struct StreamAnnotator {
    private var spec: ObjectSpec
    private let file: ELFFile?
    private let information: DWARFInformation?
    private var importer: DWARFTypeImporter?
    private var builder: BTFBuilder?

    init(_ spec: ObjectSpec, file: ELFFile?) {
        self.spec = spec
        self.file = file
        information = file.flatMap { try? DWARFInformation($0) }
    }

    mutating func annotate(given: [String: String], helpIn source: (String) -> [String]?) throws(ObjectError)
        -> ObjectSpec
    {
        guard let types = spec.types else { return spec }
        do {
            if let information { importer = try DWARFTypeImporter(information, extending: types) }
            let annotations = Annotations(types)
            let calls = spec.outputCalls
            var rows: Set<BTFTypeID> = []
            for map in spec.maps where map.kind.isStream && annotations.rows[map.name] == nil {
                var tagged: Set<BTFTypeID> = []
                for type in try rowTypes(of: map, calls, given: given[map.name]) where tagged.insert(type).inserted {
                    tag(Annotations.rowPrefix + map.name, type, component: -1)
                }
                rows.formUnion(tagged)
                if isRecord(map.valueType, of: map) { rows.insert(map.valueType) }
            }
            markPorts(rows)
            try addHelp(annotations, source)
            if let importer { builder = importer.builder }
            guard let builder else { return spec }
            spec.types = try BTFTable(OwnedBytes(try builder.encode()))
            return spec
        } catch let error as ObjectError where error.code == .missing {
            throw error
        } catch {
            throw ObjectError(.malformed, "cannot add the types of streams to the object", cause: error)
        }
    }

    private mutating func markPorts(_ rows: Set<BTFTypeID>) {
        let ports = NetworkPorts(spec)
        guard ports.areRaw else { return }
        for row in rows.sorted() {
            if var changed = importer {
                ports.mark(row, in: &changed.builder)
                importer = changed
            } else if var changed = builder ?? spec.types.flatMap({ try? BTFBuilder(copying: $0) }) {
                ports.mark(row, in: &changed)
                builder = changed
            }
        }
    }

    private mutating func tag(_ text: String, _ type: BTFTypeID, component: Int32) {
        let tag = BTFType.declarationTag(BTFDeclarationTag(name: text, type: type, componentIndex: component))
        if importer != nil {
            importer?.builder.add(tag)
        } else {
            if builder == nil, let types = spec.types { builder = try? BTFBuilder(copying: types) }
            builder?.add(tag)
        }
    }

    private mutating func rowTypes(of map: MapSpec, _ calls: [OutputCall], given: String?) throws -> [BTFTypeID] {
        guard let types = spec.types else { return [] }
        if let given {
            let name = given.split(separator: " ").last.map(String.init) ?? given
            for kind in [BTFKind.structure, .typedef, .union] {
                if let id = types.firstID(named: name, kind: kind) { return [id] }
            }
            if let id = try information?.structure(named: name), let added = try importer?.add(id) { return [added] }
            throw ObjectError(
                .missing, "the object has no struct \(name) for the records of \(map.name)",
                hint: "the source must use the struct, and be compiled with -g")
        }
        // What the definition declares needs no annotation.
        if isRecord(map.valueType, of: map) { return [] }
        var found: [BTFTypeID] = []
        for call in calls where call.map == map.name || call.map == nil {
            if case .copy(from: .mapValue(let source, let offset)) = call.form,
                let type = typeOfValue(source, offset: offset), isComposite(type)
            {
                found.append(type)
            } else if let file, let information,
                let row = RowTypeInference(spec: spec, information: information, file: file).type(of: call),
                let added = try importer?.add(row.type)
            {
                found.append(added)
            } else if let size = call.size, let only = onlyType(ofSize: size) {
                found.append(only)
            }
        }
        return found
    }

    private func isComposite(_ id: BTFTypeID) -> Bool {
        guard let types = spec.types, let resolved = try? types.resolve(id) else { return false }
        let kind = types.kind(resolved)
        return kind == .structure || kind == .union
    }

    /// Whether a map's declared value is the type of its records; perf arrays often declare their slots instead.
    private func isRecord(_ id: BTFTypeID, of map: MapSpec) -> Bool {
        guard id != .void else { return false }
        return map.kind == .ringBuffer || isComposite(id)
    }

    /// The type of a map's value, or of the global variable at an offset of a data section.
    private func typeOfValue(_ map: String, offset: Int) -> BTFTypeID? {
        guard let source = spec.map(named: map) else { return nil }
        guard source.section != nil else { return offset == 0 && source.valueType != .void ? source.valueType : nil }
        return spec.variables.first { $0.map == map && $0.offset == offset }?.type
    }

    /// Without debug information: the one struct of the object's own that has the record's size, the ones that a
    /// pointer variable names first, as `struct event *unused` does.
    private func onlyType(ofSize size: Int) -> BTFTypeID? {
        guard let types = spec.types else { return nil }
        func target(_ variable: VariableSpec) -> BTFTypeID? {
            guard let type = variable.type,
                case .pointer(let target)? = (try? types.resolve(type)).flatMap({ try? types.type($0) })
            else { return nil }
            return target
        }
        let named = spec.variables.compactMap(target).filter { isComposite($0) && (try? types.size(of: $0)) == size }
        if let first = named.first { return first }
        let ids = types.firstTypeID.rawValue..<UInt32(types.typeCount)
        let fitting = ids.map { BTFTypeID($0) }.filter { id in
            types.kind(id) == .structure && (try? types.size(of: id)) == size
                && ((try? types.name(id)).map { !$0.isEmpty && !$0.hasPrefix("trace_event_raw_") } ?? false)
        }
        let events = fitting.filter { ((try? types.name($0)) ?? "").contains("event") }
        return events.count == 1 ? events[0] : fitting.count == 1 ? fitting[0] : nil
    }

    // MARK: - Help

    /// Writes the comments above parameters into the types.
    private mutating func addHelp(_ annotations: Annotations, _ source: (String) -> [String]?) throws {
        guard let types = spec.types, let globals = try information?.globalVariables() else { return }
        let settable = spec.variables.filter { $0.access == .readOnly && annotations.help[$0.name] == nil }
        guard !settable.isEmpty else { return }
        var idsByName: [String: BTFTypeID] = [:]
        for id in types.firstTypeID.rawValue..<UInt32(types.typeCount) where types.kind(BTFTypeID(id)) == .variable {
            idsByName[try types.name(BTFTypeID(id))] = BTFTypeID(id)
        }
        for variable in settable {
            guard let id = idsByName[variable.name],
                let declaration = globals.first(where: { $0.name == variable.name && !$0.isDeclaration }),
                let path = declaration.file, let lines = source(path),
                let comment = SourceComment.find(above: Int(clamping: declaration.line), in: lines)
            else { continue }
            tag(Annotations.helpPrefix + comment, id, component: -1)
        }
    }
}

extension ObjectSpec {
    /// Finds the row types of streams and the help of parameters, and adds them to the object's types as declaration
    /// tags, where ``Annotations`` and ``streams`` find them.
    ///
    /// - Parameters:
    ///   - file: the object's file, whose debug information tells the types of local variables.
    ///   - given: row types that the caller knows, by the map's name.
    ///   - source: answers the lines of a source file, or `nil` when it is not at hand.
    /// - Throws: ``ObjectError`` when a given type does not exist or the debug information is damaged.
    public mutating func annotate(
        file: ELFFile?, given: [String: String] = [:], helpIn source: (String) -> [String]? = { _ in nil }
    ) throws(ObjectError) {
        for map in given.keys.sorted() where self.map(named: map)?.kind.isStream != true {
            let names = maps.filter(\.kind.isStream).map(\.name)
            throw ObjectError(
                .missing, "there is no ring or perf buffer \(map)",
                hint: names.isEmpty ? "the object has none" : "it has " + names.joined(separator: ", "))
        }
        var annotator = StreamAnnotator(self, file: file)
        self = try annotator.annotate(given: given, helpIn: source)
    }

    /// The object's ring and perf buffers, with the types of their records as far as they are known.
    public var streams: [StreamDescription] {
        let tagged = types.map { Annotations($0).rows } ?? [:]
        return maps.filter(\.kind.isStream).map { map in
            var rows: [StreamDescription.Row] = []
            for type in tagged[map.name] ?? [] {
                rows.append(.init(type: type, size: (try? types?.size(of: type)) ?? 0, origin: .annotated))
            }
            if rows.isEmpty, map.valueType != .void, let types, let resolved = try? types.resolve(map.valueType),
                map.kind == .ringBuffer || types.kind(resolved) == .structure
            {
                rows.append(
                    .init(type: map.valueType, size: (try? types.size(of: map.valueType)) ?? 0, origin: .declared))
            }
            return StreamDescription(map: map.name, kind: map.kind, rows: rows)
        }
    }
}

extension MapKind {
    /// Whether programs send records through the map.
    public var isStream: Bool { self == .ringBuffer || self == .perfEventArray }
}
