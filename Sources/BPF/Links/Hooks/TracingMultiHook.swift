// SPDX-License-Identifier: Apache-2.0

import BPFObject
import BTF
import Linux

/// Many kernel functions found by their types: `fentry.multi/PATTERN`, `fexit.multi/PATTERN`, `fsession.multi/PATTERN`.
///
/// - Note: Linux 7.2, `bpf_tracing_multi_attach` in `kernel/trace/bpf_trace.c`.
enum TracingMultiHook: Hook {
    static let families: [HookFamily] = [.tracingMulti]

    static func attach(_ program: Program, options: AttachOptions) throws(BPFError) -> Link {
        let functions = try KernelFunctionChoice(program, options)
        let types = try KernelTypes.running.core()
        var ids: [UInt32] = []
        var cookies: [UInt64] = []
        var seen: Set<UInt32> = []
        for (index, name) in functions.names.enumerated() where functions.modules[index] == nil {
            guard let id = types.firstID(named: name, kind: .function), seen.insert(id.rawValue).inserted else {
                continue
            }
            ids.append(id.rawValue)
            if !functions.cookies.isEmpty { cookies.append(functions.cookies[index]) }
        }
        guard !ids.isEmpty else {
            throw BPFError(
                .notSupported, "this kernel has no types of the functions \(functions.summary)",
                context: [.init("program", program.name)])
        }
        // The kernel takes them in ascending order.
        let order = ids.indices.sorted { ids[$0] < ids[$1] }
        let sorted = order.map { ids[$0] }
        let numbers = cookies.isEmpty ? [] : order.map { cookies[$0] }
        do throws(LinuxError) {
            let link = try BPFSystemCall.createLink(
                LinkCreation(
                    program: program.rawDescriptor, target: 0,
                    attachType: program.spec.hook?.expectedAttachType ?? 0,
                    detail: .multiTracing(types: sorted, cookies: numbers)))
            return Link("\(program.spec.hook?.name ?? "") on \(functions.summary)", descriptor: link)
        } catch {
            throw program.attachError(error, to: functions.summary)
        }
    }
}
