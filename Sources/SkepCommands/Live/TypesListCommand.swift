// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BPF
import BTF
import Linux
import ServiceRuntime

/// `skep btf list`
struct TypesListCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "list",
            abstract: "List the types that are loaded: the kernel's, modules', programs' and maps'.")
    }

    @Flag(help: "One JSON object a line.")
    var json = false

    func run() throws {
        let all = try LiveObjects.types()
        let surroundings = LiveSurroundings()
        let (programs, maps) = (try LiveObjects.programs(), try LiveObjects.maps())
        var table = TextTable([
            .init(title: "id", isRight: true), .init(title: "name"), .init(title: "size", isRight: true),
            .init(title: "programs", priority: 3), .init(title: "maps", priority: 2),
            .init(title: "held by", priority: 1),
        ])
        for types in all {
            let description = TypesDescription(types, programs, maps, surroundings)
            if json {
                StandardOutput.write(description.json.encoded + "\n")
            } else {
                table.add(description.cells)
            }
        }
        if !json { StandardOutput.write(table.text(width: TextTable.terminalWidth)) }
    }
}

/// `skep btf show`
struct TypesShowCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "show", abstract: "Show whose some loaded types are, and how many.")
    }

    @Argument(help: "The number of the types, from `skep btf list`.")
    var id: UInt32

    @Flag(help: "One JSON object.")
    var json = false

    func run() throws {
        let description = TypesDescription(
            try LiveTypes(id: id), try LiveObjects.programs(), try LiveObjects.maps(), LiveSurroundings())
        StandardOutput.write(json ? description.json.encoded + "\n" : try description.text())
    }
}

/// Loaded types as a row of a table, as lines of details, and as JSON.
struct TypesDescription {
    private let types: LiveTypes
    private let programs: [UInt32]
    private let maps: [UInt32]
    private let surroundings: LiveSurroundings

    init(_ types: LiveTypes, _ programs: [LiveProgram], _ maps: [LiveMap], _ surroundings: LiveSurroundings) {
        self.types = types
        self.programs = programs.filter { $0.information.btfID == types.id }.map(\.id)
        self.maps = maps.filter { $0.information.btfID == types.id }.map(\.id)
        self.surroundings = surroundings
    }

    private func list(_ numbers: [UInt32]) -> String { numbers.map { "\($0)" }.joined(separator: ",") }

    /// The cells of `skep btf list`.
    var cells: [String] {
        [
            "\(types.id)", types.information.name, LiveText.bytes(UInt64(types.information.size)), list(programs),
            list(maps), surroundings.holderText(.types, types.id),
        ]
    }

    /// All details, one a line.
    func text() throws -> String {
        LiveText.details([
            ("id", "\(types.id)"), ("name", types.information.name),
            ("origin", types.information.isKernel ? "the kernel or a module" : "a program or map"),
            ("size", "\(types.information.size) bytes"),
            ("types", "\(try types.table().ownTypeIDs.reduce(0) { count, _ in count + 1 })"),
            ("programs", list(programs)), ("maps", list(maps)),
            ("held by", surroundings.holderText(.types, types.id)),
        ])
    }

    /// The object that `docs/json.md` describes.
    var json: JSONText {
        func numbers(_ values: [UInt32]) -> JSONText { .list(values.map { .number(Int64($0)) }) }
        return .object(
            [
                ("id", .number(Int64(types.id))), ("name", .text(types.information.name)),
                ("kernel", .boolean(types.information.isKernel)), ("bytes", .number(Int64(types.information.size))),
                ("program_ids", numbers(programs)), ("map_ids", numbers(maps)),
            ] + surroundings.json(.types, types.id))
    }
}
