// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
import BPF
import Linux
public import Presentation
import ServiceRuntime

/// `skep run`: compiles or reads a service, runs it, and shows what it sends.
struct RunCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "run",
            abstract: "Run a service and show what it sends.",
            discussion: """
                SERVICE is the name of a prebuilt service, a .bpf.c source, an .o object, or a folder that holds one.
                Flags of the service follow behind --; `skep run SERVICE -- --help` lists them.

                skep run opensnoop --duration 5s --filter 'comm==bash && ret<0'
                skep run tool.bpf.c --json -- --min-us 10
                skep run filter.bpf.c --iface eth0
                """)
    }

    @Argument(help: "The service: a name, a .bpf.c, a .o, or a folder.")
    var service: String

    @Argument(parsing: .postTerminator, help: "Flags of the service.")
    var serviceFlags: [String] = []

    @Flag(name: .long, help: "One JSON object a line; the same as --format json.")
    var json = false

    @Option(help: "table, json or csv.")
    var format: StreamFormat?

    @Option(help: "The columns to show, divided by commas.")
    var columns: String?

    @Option(help: "A condition on rows: comm==bash && ret<0.")
    var filter: String?

    @Option(help: "The column that map tables are sorted by; :asc or :desc may follow.")
    var sort: String?

    @Option(help: "The number of rows of map tables.")
    var top: Int?

    @Option(help: "End after so many rows.")
    var count: Int?

    @Option(help: "End after a time: 500ms, 5s, 2m.")
    var duration: Nanoseconds?

    @Option(help: "Show maps and state each time this has passed, and not only at the end.")
    var interval: Nanoseconds?

    @Option(help: "Observe one process, by the number that you see.")
    var pid: Int32?

    @Option(help: ArgumentHelp("The row type of a buffer that the source does not tell.", valueName: "map=struct"))
    var event: [Assignment] = []

    @Option(
        help: ArgumentHelp(
            "A file of kernel types (BTF), or a folder of many kernels', instead of the running kernel's.",
            valueName: "path"))
    var btf: String?

    @OptionGroup(title: "What is loaded") var object: ObjectArguments

    @OptionGroup(title: "Where it is attached") var attach: AttachArguments

    @OptionGroup(title: "How sources are compiled") var compiler: CompilerOptions

    @Flag(name: .shortAndLong, help: "Write rows and errors only.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Tell every choice that is made.")
    var verbose = false

    func validate() throws {
        if let count, count <= 0 { throw ValidationError("--count needs a number above 0.") }
        if let top, top <= 0 { throw ValidationError("--top needs a number above 0.") }
        if let pid, pid <= 0 { throw ValidationError("--pid needs the number of a process.") }
    }

    func run() throws {
        let location = try ServiceLocation.find(service)
        var options = PreparedService.Options()
        options.clang = compiler.clang
        options.arguments = compiler.arguments
        options.eventTypes = Dictionary(event.map { ($0.name, $0.value) }) { $1 }
        options.kernelTypes = btf
        if !quiet, Terminal.isTerminal(2) {
            options.progress = { StandardError.write($0.map { "\r\u{1b}[K\($0) …" } ?? "\r\u{1b}[K") }
        }
        do {
            try run(try PreparedService(location, options: options))
        } catch {
            // Newer compilers' default instructions compare 32 bits, so that the verifier knows bounds that it loses in the
            // older ones; a source that is rejected gets a second chance with them.
            guard ServiceSession.isRejection(error), case .source = location,
                !options.arguments.contains(where: { $0.hasPrefix("-mcpu") })
            else { throw error }
            var newer = options
            newer.arguments.append("-mcpu=v3")
            guard let service = try? PreparedService(location, options: newer) else { throw error }
            do {
                try run(service)
            } catch let second where ServiceSession.isRejection(second) {
                throw error
            }
        }
    }

    private func run(_ service: PreparedService) throws {
        var spec = service.spec
        let flags = FlagParser(service)
        if try flags.apply(serviceFlags, to: &spec) {
            StandardOutput.write(flags.help)
            return
        }
        try ServiceSession.run(service, spec: spec, options: runOptions)
    }

    /// What is asked for, apart from the service.
    var runOptions: RunOptions {
        var run = RunOptions()
        run.format = json ? .json : format ?? .table
        run.columns = columns?.split(separator: ",").map { String($0) }
        run.filter = filter
        run.sort = sort
        run.top = top
        run.count = count
        run.duration = duration?.value
        run.interval = interval?.value
        object.apply(to: &run)
        attach.apply(to: &run, process: pid)
        run.kernelTypes = btf
        run.isQuiet = quiet
        run.isVerbose = verbose
        return run
    }
}

extension StreamFormat: ExpressibleByArgument {}
