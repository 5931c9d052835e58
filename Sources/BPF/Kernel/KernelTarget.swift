// SPDX-License-Identifier: Apache-2.0

import BPFObject
import BTF
import Diagnostics

/// The kernel function or tracepoint, by its type id, that a program attaches to when it is loaded.
struct KernelTarget {
    /// The id in the kernel's types.
    let id: UInt32

    /// Finds what a section's name says.
    ///
    /// Source: `find_kernel_btf_id` conventions: tracepoints are `typedef btf_trace_NAME`, security hooks are functions
    /// `bpf_lsm_NAME`, iterators `bpf_iter_NAME`.
    static func find(
        _ type: SectionDefinition.KernelType, of hook: SectionDefinition, target: String?, kernelTypes: KernelTypes
    ) throws(BPFError) -> KernelTarget {
        guard let target, !target.isEmpty else {
            throw BPFError(
                .invalidArgument, "the section \(hook.name) names no target",
                hint: "write \(hook.name)/NAME")
        }
        guard kernelTypes.isRunning else {
            throw BPFError(
                .notSupported, "\(hook.name) programs need a kernel that shows its types (BTF)",
                context: [.init("section", "\(hook.name)/\(target)")],
                hint: "it was built without CONFIG_DEBUG_INFO_BTF; kprobe and raw_tracepoint programs work without")
        }
        let core = try kernelTypes.core()
        let wanted = (type.prefix + target, type.kind)
        if let id = core.firstID(named: wanted.0, kind: wanted.1) { return KernelTarget(id: id.rawValue) }
        throw BPFError(
            .notSupported, "this kernel has no \(type.noun) \(target)",
            context: [.init("section", "\(hook.name)/\(target)")],
            hint: "names differ between kernels; `skep btf dump --name \(wanted.0)` shows what this one has")
    }
}
