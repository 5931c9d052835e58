// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Linux

/// Static tracepoints with their raw arguments: `raw_tracepoint/NAME`.
///
/// - Note: Linux 4.17, `bpf_raw_tracepoint_open` in `kernel/bpf/syscall.c`.
enum RawTracepointHook: Hook {
    static let families: [HookFamily] = [.rawTracepoint]

    static func attach(_ program: Program, options: AttachOptions) throws(BPFError) -> Link {
        // Sources may write a category, which the kernel does not want here.
        let target = try program.requiredTarget("NAME").split(separator: "/").last.map(String.init) ?? ""
        try program.requireCookies(options.cookie, since: "6.10")
        do throws(LinuxError) {
            let link = try BPFSystemCall.openRawTracepoint(
                program: program.rawDescriptor, name: target, cookie: options.cookie)
            return Link("raw tracepoint \(target)", descriptor: link)
        } catch {
            if error.errno == .noSuchFileOrDirectory {
                throw BPFError(.notSupported, "this kernel has no raw tracepoint \(target)", cause: error)
            }
            throw program.attachError(error, to: "the raw tracepoint \(target)")
        }
    }
}
