// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Linux

/// A function of another program: `freplace/FUNCTION`. The target was given when the program was loaded.
///
/// - Note: Linux 5.6, `bpf_tracing_prog_attach` in `kernel/bpf/syscall.c`; see ``LoadOptions/replacement``.
enum ReplacementHook: Hook {
    static let families: [HookFamily] = [.replacement]

    static func attach(_ program: Program, options: AttachOptions) throws(BPFError) -> Link {
        let target = "the function \(program.spec.target ?? "") of another program"
        do throws(LinuxError) {
            let link = try BPFSystemCall.openRawTracepoint(program: program.rawDescriptor, name: nil, cookie: 0)
            return Link(target, descriptor: link)
        } catch {
            throw program.attachError(error, to: target)
        }
    }
}
