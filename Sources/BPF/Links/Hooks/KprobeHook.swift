// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Diagnostics
import Linux

/// Kernel functions by their names: `kprobe/FUNCTION+OFFSET`, `kretprobe/FUNCTION`, `ksyscall/NAME`.
///
/// - Note: Linux 4.17 with `CONFIG_KPROBES` for the `kprobe` event source; `kernel/trace/trace_kprobe.c`.
enum KprobeHook: Hook {
    static let families: [HookFamily] = [.kprobe, .systemCall]

    static func attach(_ program: Program, options: AttachOptions) throws(BPFError) -> Link {
        let name = program.spec.hook?.name ?? ""
        var place = try KprobePlace(parsing: program.requiredTarget("FUNCTION+OFFSET"))
        if program.spec.hook?.family == .systemCall { place.function = systemCallFunction(place.function) }
        let isReturn = name.hasPrefix("kret")
        do throws(LinuxError) {
            let event = try PerfEvent.openKprobe(
                function: place.function, offset: place.offset, isReturn: isReturn)
            let part = try PerfEventLink.attach(program.rawDescriptor, to: event, cookie: options.cookie)
            return Link("\(name) \(place.function)", parts: [part])
        } catch {
            if error.errno == .noSuchFileOrDirectory, error.call != "perf_event_open(kprobe)" {
                throw BPFError(
                    .notSupported, "this kernel has no kprobes",
                    context: [.init("program", program.name), .init("section", program.spec.section)],
                    hint: "it was built without CONFIG_KPROBES; a tracepoint may serve instead", cause: error)
            }
            if error.errno == .noSuchFileOrDirectory {
                throw BPFError(
                    .notSupported, "this kernel has no function \(place.function) that can be probed",
                    context: [.init("program", program.name)], hint: "names differ between kernels", cause: error)
            }
            throw program.attachError(error, to: "the kernel function \(place.function)")
        }
    }

    /// The function of a system call: with the architecture's prefix since Linux 4.17.
    private static func systemCallFunction(_ name: String) -> String {
        switch KernelVersion.architecture {
        case "x86_64": "__x64_sys_" + name
        case "aarch64": "__arm64_sys_" + name
        case "riscv64": "__riscv_sys_" + name
        default: "sys_" + name
        }
    }
}

/// A function of the kernel and a distance from its start.
struct KprobePlace {
    var function: String
    var offset: UInt64

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
}
