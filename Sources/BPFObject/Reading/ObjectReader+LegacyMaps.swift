// SPDX-License-Identifier: Apache-2.0

import BTF
import Bytes
import Diagnostics
import ELF

/// Maps of the older form, `struct bpf_map_def name SEC("maps")`: five or more 32-bit numbers each.
extension ObjectReader {
    mutating func readLegacyMaps() throws(ObjectError) {
        for section in file.sections where Self.holdsLegacyMaps(section) {
            let definitions = (symbolsBySection[section.index] ?? [])
                .filter { $0.type != .section && $0.type != .file }
                .sorted { $0.value < $1.value }
            guard let first = definitions.first else { continue }
            let bytes = try contents(of: section)
            // Definitions have no declared size, so equal distances between them tell it.
            let size = definitions.count > 1 ? definitions[1].value - first.value : UInt64(bytes.count)
            guard size >= 20 else {
                throw ObjectError(
                    .malformed, "a map definition has fewer than 20 bytes", context: [.init("section", section.name)])
            }
            for symbol in definitions {
                var numbers: [UInt32] = []
                for index in 0..<5 {
                    guard let offset = Int(exactly: symbol.value), offset < bytes.count,
                        let value = bytes.span.integer(at: offset + index * 4, as: UInt32.self, order: file.order)
                    else {
                        throw ObjectError(
                            .malformed, "a map definition lies past the end of its section",
                            context: [.init("section", section.name), .init("map", symbol.name)])
                    }
                    numbers.append(value)
                }
                var map = MapSpec(
                    name: symbol.name, kind: MapKind(rawValue: numbers[0]), keySize: numbers[1], valueSize: numbers[2],
                    maximumEntries: numbers[3])
                map.flags = numbers[4]
                try readFurtherFields(of: symbol, size: size, bytes, section, into: &map)
                try addLegacyTypes(to: &map)
                definedMaps[MapLocation(section: section.index, offset: symbol.value)] = map.name
                maps.append(map)
            }
        }
    }

    /// `maps`, `maps/NAME`, and `lirc_mode2/maps`, which the infrared tools have.
    private static func holdsLegacyMaps(_ section: ELFSection) -> Bool {
        guard !section.isExecutable, section.type == ELFSection.programBits else { return false }
        return section.name == "maps" || section.name.hasPrefix("maps/") || section.name.hasSuffix("/maps")
    }

    /// Reads what follows the flags: iproute2 and Aya have a number of the map there, which nothing needs, and how it is
    /// pinned. What else is there must not be passed over, since loaders give it different meanings.
    private func readFurtherFields(
        of symbol: ELFSymbol, size: UInt64, _ bytes: OwnedBytes, _ section: ELFSection, into map: inout MapSpec
    ) throws(ObjectError) {
        let count = (symbol.size > 0 ? min(symbol.size, size) : size) / 4
        guard count > 6, let start = Int(exactly: symbol.value) else { return }
        for index in 6..<Int(min(count, 64)) {
            guard let value = bytes.span.integer(at: start + index * 4, as: UInt32.self, order: file.order), value != 0
            else { continue }
            // 1 is "by name" in Aya, and "for this object" or (2) "for all" in iproute2. With BPF_F_NUMA_NODE it is a node.
            if index == 6, value <= 2, map.flags & 1 << 2 == 0 {
                map.isPinnedByName = true
                continue
            }
            throw ObjectError(
                .unsupported, "the definition of the map \(symbol.name) has values behind its flags that are not known",
                context: [.init("section", section.name), .init("map", symbol.name)],
                hint: "their meaning differs between loaders: define the map in SEC(\".maps\")")
        }
    }

    /// How the structs are named that tell the types of a map without types, `BPF_ANNOTATE_KV_PAIR`.
    static let legacyTypePrefix = "____btf_map_"

    private func addLegacyTypes(to map: inout MapSpec) throws(ObjectError) {
        guard let types, let id = types.firstID(named: Self.legacyTypePrefix + map.name, kind: .structure),
            case .structure(let pair) = try type(id)
        else { return }
        for member in pair.members {
            let size = try size(of: member.type)
            if member.name == "key", size == map.keySize { map.keyType = member.type }
            if member.name == "value", size == map.valueSize { map.valueType = member.type }
        }
    }
}
