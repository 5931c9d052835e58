// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Diagnostics
import Linux

/// Many kernel functions at once: `kprobe.multi/PATTERN`, `kretprobe.multi/PATTERN`, `kprobe.session/PATTERN`.
///
/// - Note: Linux 5.18 with `CONFIG_FPROBE`, sessions 6.10; `bpf_kprobe_multi_link_attach` in
///   `kernel/trace/bpf_trace.c`.
enum KprobeMultiHook: Hook {
    static let families: [HookFamily] = [.kprobeMulti]

    static func attach(_ program: Program, options: AttachOptions) throws(BPFError) -> Link {
        let functions = try KernelFunctionChoice(program, options)
        let name = program.spec.hook?.name ?? ""
        let flags: UInt32 = name.hasPrefix("kret") ? 1 : 0  // BPF_F_KPROBE_MULTI_RETURN
        let attachType = program.spec.hook?.expectedAttachType ?? 42
        do throws(LinuxError) {
            let link = try create(program, functions, flags: flags, attachType: attachType)
            return Link("\(name) on \(functions.summary)", descriptor: link)
        } catch {
            switch error.errno {
            case .notSupported, .kernelNotSupported:
                throw BPFError(
                    .notSupported, "\(name) needs a kernel that was built with CONFIG_FPROBE",
                    context: [.init("program", program.name)], hint: "kprobe reaches one function at a time",
                    cause: error)
            case .noSuchProcess, .noSuchFileOrDirectory:
                throw BPFError(
                    .notSupported, "this kernel lacks one of the functions \(functions.summary)",
                    context: [.init("program", program.name)], hint: "names differ between kernels", cause: error)
            default: throw program.attachError(error, to: functions.summary)
            }
        }
    }

    private static func create(
        _ program: Program, _ functions: KernelFunctionChoice, flags: UInt32, attachType: UInt32
    ) throws(LinuxError) -> FileDescriptor {
        let byAddress = functions.addresses.count == functions.names.count
        do throws(LinuxError) {
            return try BPFSystemCall.createLink(
                LinkCreation(
                    program: program.rawDescriptor, target: 0, attachType: attachType,
                    detail: .multiKprobe(
                        flags: flags, symbols: byAddress ? [] : functions.names,
                        addresses: byAddress ? functions.addresses : [], cookies: functions.cookies)))
        } catch {
            // An address may belong to a function of the same name that cannot be traced; by name the kernel chooses.
            guard byAddress, functions.names.count > 0, KernelVersion.current >= KernelVersion(5, 18),
                error.errno == .invalidArgument || error.errno == .noSuchFileOrDirectory
            else { throw error }
            return try BPFSystemCall.createLink(
                LinkCreation(
                    program: program.rawDescriptor, target: 0, attachType: attachType,
                    detail: .multiKprobe(
                        flags: flags, symbols: functions.names, addresses: [], cookies: functions.cookies)))
        }
    }
}
