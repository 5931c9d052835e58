// SPDX-License-Identifier: Apache-2.0

import BTF

/// Gives global functions whose parameter is tagged as the program's context (`__arg_ctx`) the type that older kernels know
/// a context by: a pointer to a struct of its name.
///
/// One function can serve programs of several kinds, so it gets a type for each kind of context.
///
/// Source: `btf_get_prog_ctx_type` in the kernel's `kernel/bpf/btf.c`, before Linux 6.8.
struct ContextParameters {
    private static let tag = "arg:ctx"

    private let object: ObjectSpec
    private let types: BTFTable
    /// The tagged parameters of functions, by the function's type.
    private var parameters: [BTFTypeID: Set<Int>] = [:]

    init(of object: ObjectSpec, _ types: BTFTable) throws(BTFError) {
        self.object = object
        self.types = types
        for id in types.ownTypeIDs where types.kind(id) == .declarationTag {
            guard case .declarationTag(let tag) = try types.type(id), tag.name == Self.tag, tag.componentIndex >= 0
            else { continue }
            parameters[tag.type, default: []].insert(Int(tag.componentIndex))
        }
    }

    /// Adds the types.
    ///
    /// - Returns: the functions' new types, by the context's name and the function's.
    func write(into rewriter: inout BTFRewriter) throws(BTFError) -> [String: [String: BTFTypeID]] {
        let functions = object.functions.values.filter { function in
            function.isGlobal && function.type.map { parameters[$0] != nil } ?? false
        }
        guard !functions.isEmpty else { return [:] }
        var written: [String: [String: BTFTypeID]] = [:]
        for name in Set(object.programs.compactMap { $0.hook?.kind.contextName }).sorted() {
            let structure = rewriter.append(.structure(BTFComposite(name: name, size: 0, members: [])))
            let pointer = rewriter.append(.pointer(structure))
            for function in functions.sorted(by: { $0.name < $1.name }) {
                guard let id = function.type, let indices = parameters[id],
                    case .function(var type) = try types.type(id),
                    case .functionPrototype(var prototype) = try types.type(type.prototype)
                else { continue }
                for index in prototype.parameters.indices where indices.contains(index) {
                    prototype.parameters[index].type = pointer
                }
                for index in prototype.parameters.indices where prototype.parameters[index].name.isEmpty {
                    prototype.parameters[index].name = "argument\(index)"
                }
                type.prototype = rewriter.append(.functionPrototype(prototype))
                written[name, default: [:]][function.name] = rewriter.append(.function(type))
            }
        }
        return written
    }
}

extension ProgramKind {
    /// The struct that a program of this kind gets, or `nil` for kinds whose context has no name.
    public var contextName: String? {
        switch description {
        case "socket_filter", "sched_cls", "sched_act", "cgroup_skb", "lwt_in", "lwt_out", "lwt_xmit", "sk_skb",
            "lwt_seg6local", "flow_dissector":
            "__sk_buff"
        case "kprobe": "bpf_user_pt_regs_t"
        case "xdp": "xdp_md"
        case "perf_event": "bpf_perf_event_data"
        case "cgroup_sock": "bpf_sock"
        case "sock_ops": "bpf_sock_ops"
        case "cgroup_device": "bpf_cgroup_dev_ctx"
        case "sk_msg": "sk_msg_md"
        case "raw_tracepoint", "raw_tracepoint_writable": "bpf_raw_tracepoint_args"
        case "cgroup_sock_addr": "bpf_sock_addr"
        case "sk_reuseport": "sk_reuseport_md"
        case "cgroup_sysctl": "bpf_sysctl"
        case "cgroup_sockopt": "bpf_sockopt"
        case "sk_lookup": "bpf_sk_lookup"
        case "netfilter": "bpf_nf_ctx"
        default: nil
        }
    }
}
