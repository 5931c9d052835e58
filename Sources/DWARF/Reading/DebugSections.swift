// SPDX-License-Identifier: Apache-2.0

import Bytes
import ELF

/// The sections with debug information of one file; one that is not there is empty.
struct DebugSections {
    let order: ByteOrder
    let information: DebugSection
    let abbreviations: DebugSection
    let strings: DebugSection
    let lineStrings: DebugSection
    let stringOffsets: DebugSection
    let addresses: DebugSection
    let rangeLists: DebugSection
    let locationLists: DebugSection
    /// Of version 4.
    let ranges: DebugSection
    /// Of version 4.
    let locations: DebugSection
    let lines: DebugSection

    init(_ file: ELFFile) throws(DWARFError) {
        order = file.order
        var symbols: [ELFSymbol] = []
        if file.type == ELFFile.relocatable {
            do throws(ELFError) {
                symbols = try file.symbols()
            } catch {
                throw DWARFError(.malformed, "the symbols cannot be read", section: ".symtab", cause: error)
            }
        }
        func load(_ name: String) throws(DWARFError) -> DebugSection {
            guard let section = file.section(named: name) else { return DebugSection(absent: name, order: file.order) }
            return try DebugSection(section, of: file, symbols: symbols)
        }
        information = try load(".debug_info")
        abbreviations = try load(".debug_abbrev")
        strings = try load(".debug_str")
        lineStrings = try load(".debug_line_str")
        stringOffsets = try load(".debug_str_offsets")
        addresses = try load(".debug_addr")
        rangeLists = try load(".debug_rnglists")
        locationLists = try load(".debug_loclists")
        ranges = try load(".debug_ranges")
        locations = try load(".debug_loc")
        lines = try load(".debug_line")
    }
}
