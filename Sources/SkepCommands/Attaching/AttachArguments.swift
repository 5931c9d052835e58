// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BPF
import Linux
import ServiceRuntime

/// Where programs are attached, and how: what their sections leave open. `skep run` and `skep test` take the same.
struct AttachArguments: ParsableArguments {
    @Option(help: ArgumentHelp("The network interface for XDP, tc and socket programs.", valueName: "name"))
    var iface: [String] = []

    @Option(help: ArgumentHelp("The network namespace of interfaces and hooks: a name or a path.", valueName: "name"))
    var netns: String?

    @Flag(help: "Attach tc programs that do not say a direction to outgoing traffic.")
    var egress = false

    @Option(help: "Where XDP programs run.")
    var xdpMode: XDPModeArgument?

    @Option(
        help: ArgumentHelp(
            "The device that XDP programs are loaded for, so that they can ask it about a packet.", valueName: "name"))
    var boundDevice: String?

    @Flag(help: "XDP programs run in the device that --bound-device names.")
    var offload = false

    @Option(
        help: ArgumentHelp(
            "Run tc, netkit or cgroup programs before another: a number, name or path, link:NUMBER, or all.",
            valueName: "program"))
    var before: NeighbourArgument?

    @Option(help: ArgumentHelp("Run tc, netkit or cgroup programs after another, or all.", valueName: "program"))
    var after: NeighbourArgument?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The priority of netfilter programs, or of tc filters; lower runs first.", valueName: "n"))
    var priority: Int32?

    @Option(help: ArgumentHelp("The number of a tc filter within its priority.", valueName: "n"))
    var handle: UInt32?

    @Option(help: ArgumentHelp("The hook for netfilter programs: input, ipv6/output, …", valueName: "hook"))
    var netfilterHook: NetfilterArgument?

    @Flag(help: "Netfilter programs see packets put together from their fragments.")
    var defrag = false

    @Option(help: ArgumentHelp("The route for lwt programs: 10.1.0.0/16, or 10.1.0.0/16,GATEWAY.", valueName: "prefix"))
    var route: RouteArgument?

    @Option(
        help: ArgumentHelp(
            "The socket for sk_reuseport and socket programs: a process and its descriptor.", valueName: "pid:fd"))
    var socket: ProcessDescriptorArgument?

    @Option(
        help: ArgumentHelp(
            "The map of sockets for sk_msg and sk_skb programs; PROGRAM=MAP for one program.", valueName: "map"))
    var socketMap: [SocketMapArgument] = []

    @Option(help: ArgumentHelp("The infrared device for lirc_mode2 programs.", valueName: "path"))
    var lirc: String?

    @Option(help: ArgumentHelp("The cgroup for cgroup programs, and for iterators over cgroups.", valueName: "path"))
    var cgroup: String?

    @Option(help: "How programs share the cgroup.")
    var cgroupSharing: CgroupSharingArgument?

    @Option(help: "The order of iterators over cgroups.")
    var cgroupOrder: CgroupOrderArgument?

    @Option(
        help: ArgumentHelp("The map that iterators go over: a name, number or path.", valueName: "map"))
    var iterate: String?

    @Option(help: ArgumentHelp("The thread that iterators over tasks show.", valueName: "number"))
    var tid: Int32?

    @Option(help: ArgumentHelp("The executable or library for uprobes and static probes.", valueName: "path"))
    var binary: String?

    @Option(help: ArgumentHelp("The function for probes; can be repeated for probes on many.", valueName: "name"))
    var symbol: [String] = []

    @Option(
        help: ArgumentHelp(
            "A number that programs get with bpf_get_attach_cookie(), one for each --symbol.", valueName: "number"))
    var cookie: [NumberArgument] = []

    @Option(
        help: ArgumentHelp(
            "Where a counter is in the file that is raised while a uprobe is there.", valueName: "offset"))
    var counterOffset: NumberArgument?

    @Option(help: "How probes are made.")
    var probeMethod: ProbeMethodArgument?

    @Option(
        help: ArgumentHelp(
            "The event for perf_event programs: cycles, page-faults, r1a8, breakpoint:ADDRESS:rw:4, …",
            valueName: "name"))
    var perfEvent: String?

    @Option(help: ArgumentHelp("Samples a second for perf_event programs.", valueName: "hertz"))
    var freq: UInt64?

    @Option(help: ArgumentHelp("The number of events between two samples, instead of --freq.", valueName: "events"))
    var period: UInt64?

    @Option(help: ArgumentHelp("The processors for perf_event programs: 0-3,8.", valueName: "list"))
    var cpu: ProcessorsArgument?

    @Option(
        help: ArgumentHelp(
            "The loaded program that freplace programs change, and fentry and fexit programs watch.",
            valueName: "program"))
    var target: String?

    @Option(help: ArgumentHelp("The function of --target, where sections do not name it.", valueName: "function"))
    var targetFunction: String?

    @Option(help: "Attach with the kernel's links, or as before there were links.")
    var mechanism: MechanismArgument?

    func validate() throws {
        if before != nil, after != nil { throw ValidationError("--before and --after cannot both hold.") }
        if let freq, freq == 0 || freq > 100_000 { throw ValidationError("--freq needs a number from 1 to 100000.") }
        if period == 0 { throw ValidationError("--period needs a number above 0.") }
        if freq != nil, period != nil { throw ValidationError("--freq and --period cannot both hold.") }
        if let tid, tid <= 0 { throw ValidationError("--tid needs the number of a thread.") }
        if offload, boundDevice == nil { throw ValidationError("--offload needs --bound-device.") }
        if defrag, netfilterHook == nil { throw ValidationError("--defrag needs --netfilter-hook.") }
        if targetFunction != nil, target == nil { throw ValidationError("--target-function needs --target.") }
        if cookie.count > 1, cookie.count != symbol.count {
            throw ValidationError("--cookie needs one number, or one for each --symbol.")
        }
        if let perfEvent, PerfEventName.parse(perfEvent) == nil {
            throw ValidationError(
                "'\(perfEvent)' is no performance event: known are \(PerfEventName.known.joined(separator: ", ")), "
                    + "breakpoint:ADDRESS:rw:LENGTH, tracepoint:CATEGORY:NAME, rHEX and pmu:NAME:NUMBER.")
        }
    }

    private var namespace: NetworkNamespace? {
        netns.map { .path($0.contains("/") ? $0 : "/run/netns/\($0)") }
    }

    /// Adds all of it to what a run is asked for.
    ///
    /// - Parameter process: the process to observe.
    func apply(to run: inout RunOptions, process: Int32?) {
        run.process = process
        run.boundDevice = boundDevice.map { BoundDevice($0, in: namespace, isOffloaded: offload) }
        run.attach.process = process
        run.attach.interfaces = iface
        run.attach.networkNamespace = namespace
        if egress { run.attach.direction = .egress }
        if let xdpMode { run.attach.xdpMode = xdpMode.value }
        run.attach.priority = priority
        if let handle { run.attach.handle = handle }
        run.attach.netfilter = netfilterHook?.place
        run.attach.netfilter?.defragments = defrag
        run.attach.route = route?.destination
        run.attach.gateway = route?.gateway
        if let lirc { run.attach.infraredDevice = lirc }
        run.attach.cgroup = cgroup
        if let cgroupSharing { run.attach.cgroupSharing = cgroupSharing.value }
        if let cgroupOrder { run.attach.iterator.order = cgroupOrder.value }
        run.attach.iterator.thread = tid
        run.attach.binary = binary
        if symbol.count == 1 { run.attach.symbol = symbol[0] } else { run.attach.symbols = symbol }
        if cookie.count == 1 { run.attach.cookie = cookie[0].value } else { run.attach.cookies = cookie.map(\.value) }
        if let counterOffset { run.attach.counterOffset = counterOffset.value }
        if let probeMethod { run.attach.probeMethod = probeMethod.value }
        run.attach.perfEvent = perfEvent
        if let freq { run.attach.frequency = freq }
        run.attach.period = period
        run.attach.processors = cpu?.numbers
        if let mechanism { run.attach.mechanism = mechanism.value }
        run.targets.iteratedMap = iterate
        run.targets.socketMaps = socketMap.map { ($0.program, $0.map) }
        run.targets.program = target
        run.targets.function = targetFunction
        run.targets.socket = socket.map { ($0.process, $0.descriptor) }
        run.targets.neighbour = before.map { (true, $0.argument) } ?? after.map { (false, $0.argument) }
    }
}
