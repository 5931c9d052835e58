// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Linux

/// Many functions of an executable or library at once: `uprobe.multi/PATH:PATTERN`, `uretprobe.multi/PATH:PATTERN`,
/// `uprobe.session/PATH:PATTERN`.
///
/// - Note: Linux 6.6, sessions 6.13; `bpf_uprobe_multi_link_attach` in `kernel/trace/bpf_trace.c`.
enum UprobeMultiHook: Hook {
    static let families: [HookFamily] = [.uprobeMulti]

    static func attach(_ program: Program, options: AttachOptions) throws(BPFError) -> Link {
        let filtersProcesses = options.process == nil || Feature.multiUprobesFilterProcesses
        guard filtersProcesses || KernelVersion.current < "6.6" else {
            throw BPFError(
                .notSupported,
                "\(program.spec.hook?.name ?? "") programs of one process need Linux 6.10, this is \(KernelVersion.current)",
                context: [.init("program", program.name)],
                hint: "attach without --pid and compare bpf_get_current_pid_tgid(), or use uprobe/ instead")
        }
        let target = try ExecutableTarget(program, options)
        let name = program.spec.hook?.name ?? ""
        var offsets: [UInt64] = []
        var cookies = options.cookies
        if !options.symbols.isEmpty {
            guard cookies.isEmpty || cookies.count == options.symbols.count else {
                throw BPFError(
                    .invalidArgument, "\(options.symbols.count) functions have \(cookies.count) cookies",
                    context: [.init("program", program.name)], hint: "give one for each function, or none")
            }
            for symbol in options.symbols { offsets.append(try target.offset(of: symbol, program: program)) }
        } else if NamePattern.isPattern(target.function) {
            offsets = try target.functions(matching: target.function, program: program).map(\.offset)
            guard !offsets.isEmpty else {
                throw BPFError(
                    .notFound, "\(target.path) has no function \(target.function)",
                    context: [.init("program", program.name)], hint: "its symbols may have been stripped")
            }
        } else {
            offsets = [try target.offset(of: target.function, program: program)]
        }
        if cookies.isEmpty, options.cookie != 0 { cookies = Array(repeating: options.cookie, count: offsets.count) }
        let counters = options.counterOffset == 0 ? [] : offsets.map { _ in options.counterOffset }
        let what = "\(name) \(target.path):\(options.symbols.isEmpty ? target.function : "…")"
        do throws(LinuxError) {
            let link = try create(
                program, target.path, offsets, counters: counters, cookies: cookies, options: options)
            return Link("\(what) (\(offsets.count) functions)", descriptor: link)
        } catch {
            throw program.attachError(error, to: "\(target.path):\(target.function)")
        }
    }

    /// Makes the link; used for static probes too.
    static func create(
        _ program: Program, _ path: String, _ offsets: [UInt64], counters: [UInt64], cookies: [UInt64],
        options: AttachOptions
    ) throws(LinuxError) -> FileDescriptor {
        let isReturn = program.spec.hook?.name.hasPrefix("uret") ?? false
        return try BPFSystemCall.createLink(
            LinkCreation(
                program: program.rawDescriptor, target: 0, attachType: program.expectedAttachType,
                detail: .multiUprobe(
                    path: path, offsets: offsets, counters: counters, cookies: cookies, flags: isReturn ? 1 : 0,
                    process: UInt32(clamping: options.process ?? 0))))
    }
}
