// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BPFObject
import BTF
import Bytes
import ServiceRuntime

/// `skep inspect`: what an object or source holds.
struct InspectCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "inspect",
            abstract: "Show the programs, maps, variables, flags, streams and relocations of a service.")
    }

    @Argument(help: "The service: a name, a .bpf.c, a .o, or a folder.")
    var service: String

    @Flag(help: "One JSON object.")
    var json = false

    @OptionGroup var compiler: CompilerOptions

    func run() throws {
        var options = PreparedService.Options()
        options.clang = compiler.clang
        options.arguments = compiler.arguments
        let service = try PreparedService(ServiceLocation.find(service), options: options)
        let description = ObjectDescription(service)
        StandardOutput.write(json ? description.json.encoded + "\n" : description.text)
    }
}

/// A service's parts as text and as JSON.
struct ObjectDescription {
    private let service: PreparedService
    private var spec: ObjectSpec { service.spec }

    init(_ service: PreparedService) { self.service = service }

    private func typeName(_ id: BTFTypeID) -> String? {
        guard id != .void, let types = spec.types else { return nil }
        return TypeName.describe(id, in: types)
    }

    /// A key or value of a map; ring buffers have neither.
    private func shape(_ type: BTFTypeID, _ size: UInt32) -> String {
        typeName(type) ?? (size == 0 ? "-" : "\(size) bytes")
    }

    /// Sections with a table each.
    var text: String {
        var text = "\(service.name): licence \(spec.license.isEmpty ? "none" : spec.license), "
        text += spec.order == .little ? "little endian\n" : "big endian\n"
        text += table(
            "programs", ["name", "section", "kind", "instructions", "CO-RE"],
            spec.programs.map { program in
                let linked = try? spec.link(program: program.name)
                let relocations = linked?.functions.reduce(0) {
                    $0 + (spec.functions[$1.name]?.coreRelocations.count ?? 0)
                }
                return [
                    program.name, (program.isLoadedByDefault ? "" : "?") + program.section,
                    program.hook?.kind.description ?? "unknown", "\(linked?.instructions.count ?? 0)",
                    "\(relocations ?? 0)",
                ]
            })
        text += table(
            "maps", ["name", "kind", "key", "value", "entries", "flags"],
            spec.maps.map { map in
                [
                    map.name, map.kind.description, shape(map.keyType, map.keySize),
                    shape(map.section == nil ? map.valueType : .void, map.valueSize),
                    map.maximumEntries == 0 ? "-" : "\(map.maximumEntries)",
                    map.flags == 0 ? "" : "0x" + String(map.flags, radix: 16),
                ]
            })
        text += table(
            "flags", ["flag", "type", "default", "help"],
            service.parameters.map { parameter in
                [
                    "--" + parameter.flag, parameter.typeName, FlagParser(service).defaultText(parameter),
                    parameter.help ?? "",
                ]
            })
        text += table(
            "state", ["variable", "type", "bytes", "map"],
            spec.variables.filter { $0.access == .readWrite }.map { variable in
                [variable.name, variable.type.flatMap(typeName) ?? "unknown", "\(variable.size)", variable.map]
            })
        text += table(
            "streams", ["buffer", "kind", "rows", "known from"],
            spec.streams.flatMap { stream in
                stream.rows.isEmpty
                    ? [[stream.map, stream.kind.description, "unknown", ""]]
                    : stream.rows.map { row in
                        [
                            stream.map, stream.kind.description,
                            "\(typeName(row.type) ?? "unknown"), \(row.size) bytes",
                            row.origin == .declared ? "the map's definition" : "the code",
                        ]
                    }
            })
        text += table(
            "needs of the kernel", ["symbol", "kind", "weak"],
            spec.externals.map { external in
                [external.name, kind(external), external.isWeak ? "yes" : "no"]
            })
        return text
    }

    private func kind(_ external: ExternalSpec) -> String {
        switch external.kind {
        case .kernelConfiguration: "configuration"
        case .kernelVariable: "variable"
        case .kernelFunction: "function"
        }
    }

    private func table(_ title: String, _ header: [String], _ rows: [[String]]) -> String {
        guard !rows.isEmpty else { return "" }
        let all = [header] + rows
        let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        let lines = all.map { row in
            var line = "  "
            for (column, cell) in row.enumerated() {
                line +=
                    column == row.count - 1
                    ? cell : cell + String(repeating: " ", count: widths[column] - cell.count + 2)
            }
            while line.last == " " { line.removeLast() }
            return line
        }
        return "\n\(title)\n" + lines.joined(separator: "\n") + "\n"
    }

    /// All of it as one object.
    var json: JSONText {
        func text(_ value: String?) -> JSONText { value.map { .text($0) } ?? .null }
        return .object([
            ("name", .text(service.name)), ("license", .text(spec.license)),
            ("byte_order", .text(spec.order == .little ? "little" : "big")),
            (
                "programs",
                .list(
                    spec.programs.map { program in
                        .object([
                            ("name", .text(program.name)), ("section", .text(program.section)),
                            ("kind", text(program.hook?.kind.description)), ("target", text(program.target)),
                            ("loaded_by_default", .boolean(program.isLoadedByDefault)),
                            (
                                "instructions",
                                .number(Int64((try? spec.link(program: program.name))?.instructions.count ?? 0))
                            ),
                        ])
                    })
            ),
            (
                "maps",
                .list(
                    spec.maps.map { map in
                        .object([
                            ("name", .text(map.name)), ("kind", .text(map.kind.description)),
                            ("key_size", .number(Int64(map.keySize))), ("value_size", .number(Int64(map.valueSize))),
                            ("max_entries", .number(Int64(map.maximumEntries))), ("flags", .number(Int64(map.flags))),
                            ("key_type", text(typeName(map.keyType))),
                            ("value_type", text(map.section == nil ? typeName(map.valueType) : nil)),
                            ("pinned_by_name", .boolean(map.isPinnedByName)),
                        ])
                    })
            ),
            (
                "flags",
                .list(
                    service.parameters.map { parameter in
                        .object([
                            ("flag", .text(parameter.flag)), ("variable", .text(parameter.variable.name)),
                            ("type", .text(parameter.typeName)),
                            ("default", .text(FlagParser(service).defaultText(parameter))),
                            ("help", text(parameter.help)),
                        ])
                    })
            ),
            (
                "variables",
                .list(
                    spec.variables.map { variable in
                        .object([
                            ("name", .text(variable.name)), ("map", .text(variable.map)),
                            ("offset", .number(Int64(variable.offset))), ("size", .number(Int64(variable.size))),
                            ("type", text(variable.type.flatMap(typeName))),
                            ("writable", .boolean(variable.access == .readWrite)),
                        ])
                    })
            ),
            (
                "streams",
                .list(
                    spec.streams.map { stream in
                        .object([
                            ("map", .text(stream.map)), ("kind", .text(stream.kind.description)),
                            (
                                "rows",
                                .list(
                                    stream.rows.map { row in
                                        .object([
                                            ("type", text(typeName(row.type))), ("size", .number(Int64(row.size))),
                                        ])
                                    })
                            ),
                        ])
                    })
            ),
            (
                "externals",
                .list(
                    spec.externals.map { external in
                        .object([
                            ("name", .text(external.name)), ("kind", .text(kind(external))),
                            ("weak", .boolean(external.isWeak)),
                        ])
                    })
            ),
            (
                "relocations",
                .list(
                    spec.functions.values.sorted { $0.name < $1.name }.filter { !$0.coreRelocations.isEmpty }.map {
                        .object([("function", .text($0.name)), ("core", .number(Int64($0.coreRelocations.count)))])
                    })
            ),
        ])
    }
}
