// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Diagnostics
import Linux

/// Kernel functions by their names: `kprobe/FUNCTION+OFFSET`, `kprobe/MODULE:FUNCTION`, `kretprobe/FUNCTION`,
/// `ksyscall/NAME`.
///
/// - Note: Linux 4.17 with `CONFIG_KPROBES` for the `kprobe` event source, tracefs before and without it;
///   `kernel/trace/trace_kprobe.c`.
enum KprobeHook: Hook {
    static let families: [HookFamily] = [.kprobe, .systemCall]

    static func attach(_ program: Program, options: AttachOptions) throws(BPFError) -> Link {
        let name = program.spec.hook?.name ?? ""
        let isReturn = name.hasPrefix("kret")
        let isSystemCall = program.spec.hook?.family == .systemCall
        let place = try KprobePlace(
            parsing: try Self.target(program, options, isSystemCall ? "NAME" : "FUNCTION+OFFSET"))
        guard !isReturn || place.offset == 0 else {
            throw BPFError(
                .invalidArgument, "a return has no offset, but \(place) gives one",
                context: [.init("program", program.name), .init("section", program.spec.section)])
        }
        try program.requireCookies(options.cookie)
        let candidates = isSystemCall ? SystemCallFunction.names(of: place.function) : [place.function]
        var failure: LinuxError?
        for function in candidates {
            let candidate = KprobePlace(function: function, offset: place.offset)
            do throws(LinuxError) {
                let part = try attach(program, candidate, isReturn, options)
                return Link("\(name) \(candidate)", parts: [part])
            } catch {
                failure = failure ?? error
                guard isMissing(error) else { break }
            }
        }
        throw explain(failure ?? LinuxError(.noSuchFileOrDirectory, call: "perf_event_open(kprobe)"), program, place)
    }

    private static func target(
        _ program: Program, _ options: AttachOptions, _ form: String
    ) throws(BPFError) -> String {
        // What a section names stands; an option fills what it leaves open.
        if let symbol = options.symbol, program.spec.target?.isEmpty ?? true { return symbol }
        return try program.requiredTarget(form)
    }

    private static func attach(
        _ program: Program, _ place: KprobePlace, _ isReturn: Bool, _ options: AttachOptions
    ) throws(LinuxError) -> LinkPart {
        if options.probeMethod != .traceFiles {
            do throws(LinuxError) {
                let event = try PerfEvent.openKprobe(
                    function: place.function, offset: place.offset, isReturn: isReturn)
                return try PerfEventLink.attach(program.rawDescriptor, to: event, cookie: options.cookie)
            } catch {
                let hasNoSource = error.errno == .noSuchFileOrDirectory && error.call != "perf_event_open(kprobe)"
                guard hasNoSource, options.probeMethod == .automatic else { throw error }
            }
        }
        return try TraceProbeLink.attach(
            program.rawDescriptor, .kernel, place.description, isReturn: isReturn, cookie: options.cookie)
    }

    /// Whether the kernel has no such function; newer kernels say `EADDRNOTAVAIL` for a name that stands for several.
    private static func isMissing(_ error: LinuxError) -> Bool {
        error.errno == .noSuchFileOrDirectory || error.errno == .invalidArgument
    }

    private static func explain(_ error: LinuxError, _ program: Program, _ place: KprobePlace) -> BPFError {
        let context: [DiagnosticContext] = [.init("program", program.name), .init("section", program.spec.section)]
        let isSource = error.errno == .noSuchFileOrDirectory && error.call != "perf_event_open(kprobe)"
        if isSource, (try? PerfEvent.unit(named: "kprobe")) == nil {
            return BPFError(
                .notSupported, "this kernel has no kprobes", context: context,
                hint: "it was built without CONFIG_KPROBES; a tracepoint may serve instead", cause: error)
        }
        if error.errno == .noSuchFileOrDirectory {
            return BPFError(
                .notSupported, "this kernel has no function \(place.function) that can be probed", context: context,
                hint: "names differ between kernels, and modules must be loaded", cause: error)
        }
        if error.errno == Errno(rawValue: 99) {  // EADDRNOTAVAIL
            return BPFError(
                .notSupported, "this kernel has several functions \(place.function)", context: context,
                hint: "write MODULE:FUNCTION, or use kprobe.multi, which takes all of them", cause: error)
        }
        return program.attachError(error, to: "the kernel function \(place)")
    }
}

/// A function of the kernel, with its module where it is said, and a distance from its start.
struct KprobePlace: CustomStringConvertible {
    var function: String
    var offset: UInt64

    init(function: String, offset: UInt64) {
        self.function = function
        self.offset = offset
    }

    init(parsing text: String) throws(BPFError) {
        let parts = text.split(separator: "+", maxSplits: 1).map(String.init)
        function = parts.first ?? ""
        offset = 0
        if parts.count == 2 {
            guard let number = UprobePlace.number(parts[1]) else {
                throw BPFError(
                    .invalidArgument, "\(parts[1]) is not an offset", hint: "write FUNCTION+OFFSET, as in f+0x10")
            }
            offset = number
        }
    }

    var description: String { offset == 0 ? function : "\(function)+\(offset)" }
}

/// The kernel functions of a system call.
enum SystemCallFunction {
    /// The names to try: with the architecture's prefix since Linux 4.17, without before and where there are no wrappers.
    static func names(of name: String) -> [String] {
        let prefix: String
        switch KernelVersion.architecture {
        case "x86_64": prefix = "__x64_sys_"
        case "aarch64": prefix = "__arm64_sys_"
        case "riscv64": prefix = "__riscv_sys_"
        case "s390x": prefix = "__s390x_sys_"
        default: return ["sys_" + name, "__se_sys_" + name]
        }
        return [prefix + name, "__se_sys_" + name, "sys_" + name]
    }
}
