// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Linux

/// Kernel functions and tracepoints that were found by their types when the program was loaded: `tp_btf`, `fentry`,
/// `fexit`, `fmod_ret`, `fsession`, `lsm`.
///
/// - Note: Linux 5.5, security hooks 5.7; `bpf_tracing_prog_attach` in `kernel/bpf/syscall.c`.
enum TracingHook: Hook {
    static let families: [HookFamily] = [.tracing]

    static func attach(_ program: Program, options: AttachOptions) throws(BPFError) -> Link {
        let name = program.spec.hook?.name ?? ""
        let target = "\(name) \(program.spec.target ?? "")"
        if name.hasPrefix("lsm") { try requireSecurityHooks(program) }
        let isTracepoint = name.hasPrefix("tp_btf")
        try program.requireCookies(options.cookie, since: isTracepoint ? "6.10" : "5.19")
        do throws(LinuxError) {
            // The target is part of the loaded program, so no name is given.
            if options.cookie != 0, !isTracepoint {
                let link = try BPFSystemCall.createLink(
                    LinkCreation(
                        program: program.rawDescriptor, target: 0,
                        attachType: program.spec.hook?.expectedAttachType ?? 0,
                        detail: .tracing(targetType: 0, cookie: options.cookie)))
                return Link(target, descriptor: link)
            }
            let link = try BPFSystemCall.openRawTracepoint(
                program: program.rawDescriptor, name: nil, cookie: options.cookie)
            return Link(target, descriptor: link)
        } catch {
            throw program.attachError(error, to: target)
        }
    }

    /// Refuses to attach to hooks that the kernel never calls, where that can be known.
    private static func requireSecurityHooks(_ program: Program) throws(BPFError) {
        guard let list = try? Files.readText("/sys/kernel/security/lsm"),
            !list.split(whereSeparator: { $0 == "," || $0.isWhitespace }).contains("bpf")
        else { return }
        throw BPFError(
            .notSupported, "this kernel does not call programs at security hooks",
            context: [.init("program", program.name), .init("section", program.spec.section)],
            hint: "add bpf to lsm= on the kernel's command line")
    }
}
