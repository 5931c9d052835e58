// SPDX-License-Identifier: Apache-2.0

import BTF

/// What the running kernel offers to programs, read from its own types.
public enum KernelOffers {
    /// The functions that the kernel offers to programs (kfuncs), sorted; those of modules are left out.
    ///
    /// - Returns: empty where the kernel does not mark them in its types.
    /// - Throws: ``BPFError`` when the kernel shows no types.
    /// - Note: declaration tags `bpf_kfunc`, Linux 6.9.
    public static func functions() throws(BPFError) -> [String] {
        let types = try KernelTypes.running.core()
        var names: Set<String> = []
        for id in types.ids(named: "bpf_kfunc", kind: .declarationTag) {
            guard case .declarationTag(let tag)? = try? types.type(id), tag.componentIndex == -1,
                case .function(let function)? = try? types.type(tag.type)
            else { continue }
            names.insert(function.name)
        }
        return names.sorted()
    }

    /// The structures of functions that programs can implement, such as `tcp_congestion_ops`, sorted.
    ///
    /// - Throws: ``BPFError`` when the kernel shows no types.
    /// - Note: `struct bpf_struct_ops_NAME`, Linux 5.6.
    public static func structures() throws(BPFError) -> [String] {
        let types = try KernelTypes.running.core()
        let prefix = "bpf_struct_ops_"
        var names: Set<String> = []
        for id in types.ownTypeIDs where types.kind(id) == .structure {
            guard let name = (try? types.type(id))?.name, name.hasPrefix(prefix) else { continue }
            // The kernel's own bookkeeping has names of the same beginning.
            let target = String(name.dropFirst(prefix.count))
            if types.firstID(named: target, kind: .structure) != nil { names.insert(target) }
        }
        return names.sorted()
    }
}
