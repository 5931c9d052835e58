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

    @Option(help: ArgumentHelp("Show the entries of a map; can be given several times.", valueName: "name"))
    var map: [String] = []

    @Flag(help: "Show the variables of .data and .bss.")
    var state = false

    @Option(help: ArgumentHelp("Set a variable of .data or .bss before the start.", valueName: "name=value"))
    var set: [Assignment] = []

    @Option(help: ArgumentHelp("The row type of a buffer that the source does not tell.", valueName: "map=struct"))
    var event: [Assignment] = []

    @Option(help: ArgumentHelp("The network interface for XDP, tc and socket programs.", valueName: "name"))
    var iface: [String] = []

    @Option(help: ArgumentHelp("The network namespace of the interfaces: a name or a path.", valueName: "name"))
    var netns: String?

    @Option(help: ArgumentHelp("The cgroup for cgroup programs.", valueName: "path"))
    var cgroup: String?

    @Option(help: "Where XDP programs run: automatic, native, generic or hardware.")
    var xdpMode: XDPModeArgument?

    @Option(help: ArgumentHelp("Run tc, netkit or cgroup programs before another one, or all.", valueName: "program"))
    var before: NeighbourArgument?

    @Option(help: ArgumentHelp("Run tc, netkit or cgroup programs after another one, or all.", valueName: "program"))
    var after: NeighbourArgument?

    @Option(help: ArgumentHelp("The priority of netfilter programs, or of tc filters; lower runs first.", valueName: "n"))
    var priority: Int32?

    @Option(help: ArgumentHelp("The hook for netfilter programs: input, ipv6/output, …", valueName: "hook"))
    var netfilterHook: NetfilterArgument?

    @Option(help: ArgumentHelp("The route for lwt programs: 10.1.0.0/16, or 10.1.0.0/16,GATEWAY.", valueName: "prefix"))
    var route: RouteArgument?

    @Flag(help: "Attach tc programs that do not say a direction to outgoing traffic.")
    var egress = false

    @Option(help: ArgumentHelp("The executable or library for uprobes.", valueName: "path"))
    var binary: String?

    @Option(help: ArgumentHelp("The function for uprobes.", valueName: "name"))
    var symbol: String?

    @Option(help: "Samples a second for perf_event programs.")
    var freq: UInt64?

    @Option(help: ArgumentHelp("A file of kernel types (BTF) instead of the running kernel's.", valueName: "path"))
    var btf: String?

    @Option(help: ArgumentHelp("A value of the kernel's configuration.", valueName: "name=value"))
    var kconfig: [Assignment] = []

    @OptionGroup var compiler: CompilerOptions

    @Flag(name: .shortAndLong, help: "Write rows and errors only.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Tell every choice that is made.")
    var verbose = false

    func validate() throws {
        if let count, count <= 0 { throw ValidationError("--count needs a number above 0.") }
        if let top, top <= 0 { throw ValidationError("--top needs a number above 0.") }
        if let pid, pid <= 0 { throw ValidationError("--pid needs the number of a process.") }
        if before != nil, after != nil { throw ValidationError("--before and --after cannot both hold.") }
        if let freq, freq == 0 || freq > 100_000 { throw ValidationError("--freq needs a number from 1 to 100000.") }
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

    private var runOptions: RunOptions {
        var run = RunOptions()
        run.format = json ? .json : format ?? .table
        run.columns = columns?.split(separator: ",").map { String($0) }
        run.filter = filter
        run.sort = sort
        run.top = top
        run.count = count
        run.duration = duration?.value
        run.interval = interval?.value
        run.process = pid
        run.maps = map
        run.showsState = state
        run.state = set.map { ($0.name, $0.value) }
        run.interfaces = iface
        run.networkNamespace = netns
        run.cgroup = cgroup
        run.xdpMode = xdpMode?.mode ?? .automatic
        if let before { run.order = AttachOrder(before.neighbour.map { .before($0) } ?? .first) }
        if let after { run.order = AttachOrder(after.neighbour.map { .after($0) } ?? .last) }
        run.priority = priority
        run.netfilter = netfilterHook?.place
        run.route = route.map { ($0.destination, $0.gateway) }
        run.isEgress = egress
        run.binary = binary
        run.symbol = symbol
        run.frequency = freq
        run.kernelTypes = btf
        run.kernelConfiguration = Dictionary(kconfig.map { ($0.name, $0.value) }) { $1 }
        run.isQuiet = quiet
        run.isVerbose = verbose
        return run
    }
}

extension StreamFormat: ExpressibleByArgument {}
