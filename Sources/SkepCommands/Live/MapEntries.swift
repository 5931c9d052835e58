// SPDX-License-Identifier: Apache-2.0

import BPF
import BPFObject
import BTF
import Bytes
import Linux
import Presentation
import Schema
import ServiceRuntime

/// A live map's keys and values with the forms that its types give them, or bytes where it has none.
struct MapEntries {
    let live: LiveMap
    let map: UntypedMap
    let key: RowSchema
    let value: RowSchema

    init(_ live: LiveMap) throws {
        self.live = live
        map = try live.untyped()
        key = Self.keySchema(map)
        value = Self.valueSchema(map)
    }

    private static func keySchema(_ map: UntypedMap) -> RowSchema {
        if let typed = schema(map.keyType, map.types, map.keySize, "key") { return typed }
        if map.kind == .longestPrefixMatchTrie, map.keySize > 4, let prefix = prefixKey(map.keySize) { return prefix }
        // The kernel takes indices and descriptors as numbers of 4 bytes.
        if isIndexed(map.kind) { return number("key") ?? RowSchema(opaque: map.keySize, name: "key") }
        return RowSchema(opaque: map.keySize, name: "key")
    }

    private static func valueSchema(_ map: UntypedMap) -> RowSchema {
        if let typed = schema(map.valueType, map.types, map.valueSize, "value") { return typed }
        // The numbers of maps and programs.
        if map.kind.holdsMaps || map.kind == .programArray, map.valueSize == 4 {
            return number("value") ?? RowSchema(opaque: 4)
        }
        return RowSchema(opaque: map.valueSize)
    }

    private static func isIndexed(_ kind: MapKind) -> Bool {
        switch kind {
        case .array, .perCPUArray, .programArray, .perfEventArray, .cgroupArray, .arrayOfMaps, .deviceMap, .cpuMap,
            .xdpSocketMap, .socketMap, .reuseportSocketArray, .stackTrace:
            true
        default: false
        }
    }

    /// The plan of a type, unless it cannot be shown or is not what the map holds.
    private static func schema(_ type: BTFTypeID, _ types: BTFTable?, _ size: Int, _ name: String) -> RowSchema? {
        guard type != .void, let types, let schema = try? RowSchema(table: types, type: type, name: name),
            schema.size == size, !schema.columns.isEmpty
        else { return nil }
        return schema
    }

    private static func number(_ name: String) -> RowSchema? {
        var builder = BTFBuilder()
        let type = builder.add(.integer(BTFInteger(name: "u32", size: 4)))
        return builtSchema(builder, type, name)
    }

    /// `struct bpf_lpm_trie_key`: the prefix's length in bits, then its bytes.
    private static func prefixKey(_ size: Int) -> RowSchema? {
        var builder = BTFBuilder()
        let word = builder.add(.integer(BTFInteger(name: "u32", size: 4)))
        let byte = builder.add(.integer(BTFInteger(name: "u8", size: 1)))
        let data = builder.add(.array(BTFArray(element: byte, index: word, count: UInt32(size - 4))))
        let key = builder.add(
            .structure(
                BTFComposite(
                    name: "bpf_lpm_trie_key", size: UInt32(size),
                    members: [
                        BTFMember(name: "prefixlen", type: word, bitOffset: 0),
                        BTFMember(name: "data", type: data, bitOffset: 32),
                    ])))
        return builtSchema(builder, key, "key")
    }

    private static func builtSchema(_ builder: BTFBuilder, _ type: BTFTypeID, _ name: String) -> RowSchema? {
        guard let bytes = try? builder.encode(), let table = try? BTFTable(OwnedBytes(bytes)) else { return nil }
        return try? RowSchema(table: table, type: type, name: name)
    }

    /// Makes a key from a word of the command line.
    func key(from text: String, isHex: Bool) throws -> [UInt8] {
        try Self.bytes(text, key, map.keySize, "key", isHex)
    }

    /// Makes a value from a word of the command line: one, or the same for every CPU; a map or program by its name
    /// where the map holds such.
    func value(from text: String, isHex: Bool) throws -> [UInt8] {
        let one = try Self.bytes(text, value, map.valueSize, "value", isHex)
        guard map.kind.isPerCPU else { return one }
        let padded = one + [UInt8](repeating: 0, count: map.valueStride - one.count)
        return (0..<map.valuesPerEntry).flatMap { _ in padded }
    }

    private static func bytes(
        _ text: String, _ schema: RowSchema, _ size: Int, _ side: String, _ isHex: Bool
    ) throws -> [UInt8] {
        let isOpaque = schema.columns.first.map { if case .bytes = $0.layout { true } else { false } } ?? true
        if isHex || isOpaque && !schema.isComposite {
            guard let bytes = HexText.bytes(text) else {
                throw ServiceError(.usage, "the \(side) '\(text.prefix(60))' is not bytes in hex")
            }
            guard bytes.count == size else {
                throw ServiceError(.usage, "a \(side) of this map has \(size) bytes, and \(bytes.count) were given")
            }
            return bytes
        }
        return try schema.bytes(from: text)
    }

    /// Writes entries as a table or as JSON.
    func write(_ entries: [UntypedMap.Entry], json: Bool, sums: Bool) throws {
        let writer = OutputSink { bytes in
            StandardOutput.write(bytes: Array(bytes))
            return .written
        }
        var options = PresentationOptions()
        options.format = json ? .json : .table
        options.showsTime = false
        options.width = TextTable.terminalWidth
        options.clock = WallClock(
            monotonicOffset: Int64(clamping: Clock.monotonicToReal()), utcOffset: Clock.localOffset())
        var shape = MapTableOptions()
        shape.showsEachCPU = map.kind.isPerCPU && !sums
        let table = try MapTable(
            key: key, value: value, name: map.name, map: shape, options: options, sink: writer)
        for entry in entries {
            let key = OwnedBytes(entry.key)
            guard map.kind.isPerCPU else {
                let value = OwnedBytes(entry.values.first ?? [])
                table.add(key: key.span, value: value.span)
                continue
            }
            // The table wants the values as the kernel lays them out.
            var values: [UInt8] = []
            for value in entry.values {
                values += value + [UInt8](repeating: 0, count: map.valueStride - value.count)
            }
            let all = OwnedBytes(values)
            table.add(key: key.span, perCPU: all.span)
        }
        table.print(received: Int64(clamping: Clock.real()))
        writer.flush()
    }
}
