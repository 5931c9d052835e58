// SPDX-License-Identifier: Apache-2.0

import BTF
import Bytes
import Diagnostics
import ELF

/// Global variables that live in an arena: `int __arena counter;`, which clang puts into `.addr_space.1`.
extension ObjectReader {
    private static let arenaSection = ".addr_space.1"
    /// An arena is 4 GiB at most.
    private static let maximumArenaSize: UInt64 = 1 << 32

    /// Gives the object's one arena the contents of the section; its variables start at the arena's first byte.
    mutating func readArenaVariables() throws(ObjectError) {
        let arenas = maps.indices.filter { maps[$0].kind == .arena }
        guard arenas.count <= 1 else {
            throw ObjectError(
                .unsupported, "the object has \(arenas.count) arenas, but a program can use only one",
                context: arenas.map { .init("map", maps[$0].name) })
        }
        guard let section = file.section(named: Self.arenaSection), section.size > 0 else { return }
        let context = [DiagnosticContext("section", section.name)]
        guard let index = arenas.first else {
            throw ObjectError(
                .malformed, "there are variables in an arena, but the object defines no arena", context: context,
                hint: "add a map of the type BPF_MAP_TYPE_ARENA")
        }
        // The kernel's pages have at most 65,536 bytes.
        let (capacity, overflow) = UInt64(maps[index].maximumEntries).multipliedReportingOverflow(by: 65536)
        guard !overflow, section.size <= min(Self.maximumArenaSize, max(capacity, 1)),
            let size = Int(exactly: section.size)
        else {
            throw ObjectError(
                .malformed, "the arena \(maps[index].name) has fewer pages than its variables need", context: context)
        }
        let bytes =
            section.type == ELFSection.noBits
            ? [UInt8](repeating: 0, count: size) : try contents(of: section).array
        var map = maps[index]
        map.section = .init(name: section.name, access: .readWrite, contents: bytes)
        variables += try variables(of: section, map: map)
        maps[index] = map
        dataMaps[section.index] = map.name
    }
}
