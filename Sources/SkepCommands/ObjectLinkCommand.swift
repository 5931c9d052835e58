// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BPFObject
import ServiceRuntime

/// `skep link a.o b.o -o c.o`: several objects become one.
struct ObjectLinkCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "objects", abstract: "Link BPF objects into one (the default).",
            discussion: """
                Sections of one name are put behind each other, symbols are resolved across the objects, and each type is \
                kept once. Debug information (DWARF) is left out. A file that is named like a command, such as list, is \
                reached as ./list.
                """)
    }

    @Argument(help: "The objects, as clang --target=bpf -g -c or skep build write them.")
    var objects: [String]

    @Option(name: .shortAndLong, help: "The object to write.")
    var output: String

    func run() throws {
        var linker = ObjectLinker()
        for path in objects { try linker.add(try InputFile.map(path), name: path) }
        let object = try linker.link()
        try OutputFile.write(object, to: output)
    }
}
