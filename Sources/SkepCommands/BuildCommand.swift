// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BPFObject
import BTF
import Diagnostics
import ServiceRuntime

/// `skep build`: compiles a source into an object that runs without a compiler and without debug information.
struct BuildCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "build",
            abstract: "Compile a service into an object that runs without a compiler.",
            discussion: """
                The row types of streams and the comments above flags are written into the object's types, so that the
                debug information can be left out.
                """)
    }

    @Argument(help: "The service: a .bpf.c, a .o, or a folder that holds one.")
    var service: String

    @Option(name: .shortAndLong, help: "The object to write; by default the service's name with .o.")
    var output: String?

    @Option(help: ArgumentHelp("The row type of a buffer that the source does not tell.", valueName: "map=struct"))
    var event: [Assignment] = []

    @Option(help: ArgumentHelp("A file of kernel types (BTF) to compile against.", valueName: "path"))
    var btf: String?

    @Flag(help: "Keep the debug information.")
    var debug = false

    @OptionGroup var compiler: CompilerOptions

    @Flag(name: .shortAndLong, help: "Write errors only.")
    var quiet = false

    func run() throws {
        var options = PreparedService.Options()
        options.clang = compiler.clang
        options.arguments = compiler.arguments
        options.kernelTypes = btf
        options.eventTypes = Dictionary(event.map { ($0.name, $0.value) }) { $1 }
        let location = try ServiceLocation.find(service)
        let service = try PreparedService(location, options: options)
        let path = output ?? location.name + ".o"
        let object = try service.standaloneObject(keepingDebugInformation: debug)
        try OutputFile.write(object, to: path)
        guard !quiet else { return }
        for stream in service.spec.streams {
            let names = stream.rows.map { row in (try? service.spec.types?.name(row.type)) ?? "?" }
            let text =
                names.isEmpty ? "unknown; name it with --event \(stream.map)=STRUCT" : names.joined(separator: ", ")
            StandardError.write("skep: rows of \(stream.map): \(text)\n")
        }
        StandardError.write("skep: wrote \(path)\n")
    }
}
