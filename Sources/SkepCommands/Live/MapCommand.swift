// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BPF
import BPFObject
import Linux
import ServiceRuntime

/// `skep map`: maps that live in the kernel, whoever made them.
struct MapCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "map", abstract: "Look at the maps that live in the kernel, and change their entries.",
            discussion: "MAP is a number, a name, or the path where it is pinned.",
            subcommands: [
                MapListCommand.self, MapShowCommand.self, MapDumpCommand.self, MapLookupCommand.self,
                MapUpdateCommand.self, MapDeleteCommand.self, MapPinCommand.self,
            ])
    }
}

/// `skep map list`
struct MapListCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "list", abstract: "List the maps.")
    }

    @Flag(help: "One JSON object a line for each map.")
    var json = false

    func run() throws {
        let maps = try LiveObjects.maps()
        let surroundings = LiveSurroundings()
        if json {
            for map in maps { StandardOutput.write(MapDescription(map, surroundings).json.encoded + "\n") }
            return
        }
        var table = TextTable([
            .init(title: "id", isRight: true), .init(title: "kind"), .init(title: "name"),
            .init(title: "key", priority: 6, isRight: true), .init(title: "value", priority: 7, isRight: true),
            .init(title: "entries", priority: 8, isRight: true), .init(title: "flags", priority: 1),
            .init(title: "memory", priority: 4, isRight: true), .init(title: "btf", priority: 2, isRight: true),
            .init(title: "frozen", priority: 3), .init(title: "held by", priority: 9),
            .init(title: "pinned", priority: 5),
        ])
        for map in maps { table.add(MapDescription(map, surroundings).cells) }
        StandardOutput.write(table.text(width: TextTable.terminalWidth))
    }
}

/// `skep map show`
struct MapShowCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "show", abstract: "Show all that the kernel tells about a map.")
    }

    @Argument(help: "A number, a name, or the path where it is pinned.")
    var map: String

    @Flag(help: "One JSON object a line.")
    var json = false

    func run() throws {
        let maps = try LiveSelection.maps(map)
        let surroundings = LiveSurroundings()
        let programs = (try? LiveObjects.programs()) ?? []
        for (index, map) in maps.enumerated() {
            let description = MapDescription(map, surroundings, programs: programs)
            if json {
                StandardOutput.write(description.json.encoded + "\n")
            } else {
                StandardOutput.write((index > 0 ? "\n" : "") + description.text)
            }
        }
    }
}

/// `skep map pin`
struct MapPinCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "pin", abstract: "Keep a map alive by a path of a bpffs.")
    }

    @Argument(help: "A number, a name, or the path where it is pinned.")
    var map: String

    @Argument(help: "The path, in a mounted bpffs.")
    var path: String

    func run() throws {
        try LiveSelection.map(map).pin(at: path)
    }
}
