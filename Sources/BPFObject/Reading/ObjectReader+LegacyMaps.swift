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
                try refuseFurtherFields(of: symbol, size: size, bytes, section)
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

    /// Loaders give the fields behind the flags different meanings, so that a value there must not be passed over.
    private func refuseFurtherFields(
        of symbol: ELFSymbol, size: UInt64, _ bytes: OwnedBytes, _ section: ELFSection
    ) throws(ObjectError) {
        let length = symbol.size > 0 ? min(symbol.size, size) : size
        for offset in stride(from: 20, to: Int(clamping: length), by: 1) {
            guard let start = Int(exactly: symbol.value), start <= bytes.count,
                let byte = bytes.span.integer(at: start + offset, as: UInt8.self, order: file.order), byte != 0
            else { continue }
            throw ObjectError(
                .unsupported, "the definition of the map \(symbol.name) has values behind its flags, such as pinning",
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
