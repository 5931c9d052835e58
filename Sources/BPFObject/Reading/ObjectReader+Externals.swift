// SPDX-License-Identifier: Apache-2.0

import BTF
import Diagnostics
import ELF

/// Undefined symbols: what the kernel's configuration (`.kconfig`) or its symbols (`.ksyms`) must provide.
extension ObjectReader {
    mutating func readExternals() throws(ObjectError) {
        var configuration: [ExternalSpec] = []
        var offset = 0
        let lists = try [
            (".kconfig", dataSectionType(named: ".kconfig")), (".ksyms", dataSectionType(named: ".ksyms")),
        ]
        var entries: [String: (section: String, id: BTFTypeID, type: BTFType)] = [:]
        for (section, list) in lists {
            for entry in list?.variables ?? [] {
                let type = try type(entry.type)
                switch type {
                case .variable(let variable): entries[variable.name] = (section, variable.type, type)
                case .function(let function): entries[function.name] = (section, entry.type, type)
                default: break
                }
            }
        }
        for symbol in symbols where symbol.sectionIndex == nil && !symbol.isAbsolute && !symbol.name.isEmpty {
            guard let entry = entries[symbol.name] else { continue }
            let isWeak = symbol.binding == .weak
            if case .function = entry.type {
                externals.append(
                    ExternalSpec(name: symbol.name, kind: .kernelFunction, type: entry.id, isWeak: isWeak))
            } else if entry.section == ".ksyms" {
                externals.append(
                    ExternalSpec(name: symbol.name, kind: .kernelVariable, type: entry.id, isWeak: isWeak))
            } else {
                let size = try size(of: entry.id)
                let alignment = [1, 2, 4, 8].last { size.isMultiple(of: $0) } ?? 1
                offset = (offset + alignment - 1) / alignment * alignment
                configuration.append(
                    ExternalSpec(
                        name: symbol.name, kind: .kernelConfiguration(offset: offset, size: size), type: entry.id,
                        isWeak: isWeak))
                let (next, overflow) = offset.addingReportingOverflow(size)
                guard !overflow, next <= 1 << 20 else {
                    throw ObjectError(.malformed, "the .kconfig variables need more than 1 MiB")
                }
                offset = next
            }
        }
        guard !configuration.isEmpty else { return }
        externals += configuration
        var map = MapSpec(
            name: Self.mapName(ofSection: ".kconfig", object: name), kind: .array, keySize: 4,
            valueSize: UInt32(offset), maximumEntries: 1)
        map.flags = MapFlags.readOnlyProgram
        map.section = .init(
            name: ".kconfig", access: .kernelConfiguration, contents: [UInt8](repeating: 0, count: offset))
        maps.append(map)
    }
}
