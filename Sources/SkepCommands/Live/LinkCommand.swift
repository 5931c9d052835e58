// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BPF
import Linux
import ServiceRuntime

/// `skep link`: links of the kernel's, whoever made them; and `skep link a.o b.o -o c.o`, which links objects.
struct LinkCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "link", abstract: "Link objects into one; look at the kernel's links that attach programs.",
            discussion: """
                skep link a.o b.o -o c.o      link objects into one
                skep link list                list the links that attach programs

                LINK is a number, or the path where it is pinned.
                """,
            subcommands: [
                LinkListCommand.self, LinkShowCommand.self, LinkDetachCommand.self, LinkPinCommand.self,
                ObjectLinkCommand.self,
            ], defaultSubcommand: ObjectLinkCommand.self)
    }
}

/// A link as a row of a table, as lines of details, and as JSON.
struct LinkDescription {
    let link: LiveLink
    let surroundings: LiveSurroundings

    private var program: String {
        let id = link.information.programID
        guard id != 0 else { return "" }
        let name = (try? LiveProgram(id: id))?.name ?? ""
        return name.isEmpty ? "\(id)" : "\(name) (\(id))"
    }

    /// The cells of `skep link list`.
    var cells: [String] {
        [
            "\(link.id)", link.kind, link.target, program, surroundings.holderText(.link, link.id),
            surroundings.paths(.link, link.id).joined(separator: ","),
        ]
    }

    /// All details, one a line.
    var text: String {
        LiveText.details([
            ("id", "\(link.id)"), ("kind", link.kind), ("target", link.target), ("program", program),
            ("held by", surroundings.holderText(.link, link.id)),
            ("pinned", surroundings.paths(.link, link.id).joined(separator: ", ")),
        ])
    }

    /// The object that `docs/json.md` describes.
    var json: JSONText {
        let program = link.information.programID
        return .object(
            [
                ("id", .number(Int64(link.id))), ("kind", .text(link.kind)), ("target", .text(link.target)),
                ("program_id", program == 0 ? .null : .number(Int64(program))),
            ] + LinkFields(link, surroundings).json + surroundings.json(.link, link.id))
    }
}

/// `skep link list`
struct LinkListCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "list", abstract: "List the links.")
    }

    @Flag(help: "One JSON object a line for each link.")
    var json = false

    func run() throws {
        let links = try LiveObjects.links()
        let surroundings = LiveSurroundings()
        if json {
            for link in links {
                StandardOutput.write(LinkDescription(link: link, surroundings: surroundings).json.encoded + "\n")
            }
            return
        }
        var table = TextTable([
            .init(title: "id", isRight: true), .init(title: "kind"), .init(title: "target"), .init(title: "program"),
            .init(title: "held by", priority: 2), .init(title: "pinned", priority: 1),
        ])
        for link in links { table.add(LinkDescription(link: link, surroundings: surroundings).cells) }
        StandardOutput.write(table.text(width: TextTable.terminalWidth))
    }
}

/// `skep link show`
struct LinkShowCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "show", abstract: "Show all that the kernel tells about a link.")
    }

    @Argument(help: "A number, or the path where it is pinned.")
    var link: String

    @Flag(help: "One JSON object.")
    var json = false

    func run() throws {
        let description = LinkDescription(link: try LiveSelection.link(link), surroundings: LiveSurroundings())
        StandardOutput.write(json ? description.json.encoded + "\n" : description.text)
    }
}

/// `skep link detach`
struct LinkDetachCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "detach", abstract: "End an attachment now, for everyone.",
            discussion: "The link itself lives on without effect, until its owners and paths go.")
    }

    @Argument(help: "A number, or the path where it is pinned.")
    var link: String

    func run() throws {
        try LiveSelection.link(link).link.disconnect()
    }
}

/// `skep link pin`
struct LinkPinCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "pin", abstract: "Keep an attachment alive by a path of a bpffs.")
    }

    @Argument(help: "A number, or the path where it is pinned.")
    var link: String

    @Argument(help: "The path, in a mounted bpffs.")
    var path: String

    func run() throws {
        try LiveSelection.link(link).link.pin(at: path)
    }
}
