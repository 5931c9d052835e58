// SPDX-License-Identifier: Apache-2.0

import Bytes
import Diagnostics
import ELF

/// Maps of the older form, `struct bpf_map_def name SEC("maps")`: five or more 32-bit numbers each.
extension ObjectReader {
    mutating func readLegacyMaps() throws(ObjectError) {
        for section in file.sections where section.name == "maps" || section.name.hasPrefix("maps/") {
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
                definedMaps[MapLocation(section: section.index, offset: symbol.value)] = map.name
                maps.append(map)
            }
        }
    }
}
