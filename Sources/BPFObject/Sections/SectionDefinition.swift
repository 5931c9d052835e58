// SPDX-License-Identifier: Apache-2.0

public import BTF

/// What a section's name says of the programs in it: the kind of program, the hook, and how it is loaded.
///
/// Names and meanings are those that C sources for libbpf use.
public struct SectionDefinition: Sendable, Hashable {
    /// The name before the target, such as `tracepoint`.
    public let name: String
    /// The kind of program.
    public let kind: ProgramKind
    /// `enum bpf_attach_type`, for kinds that must know it when they are loaded.
    public let expectedAttachType: UInt32?
    /// What it attaches to.
    public let family: HookFamily
    /// Whether a target may follow the name after a `/`.
    public let takesTarget: Bool
    /// Whether the program may sleep (`BPF_F_SLEEPABLE`, Linux 5.10).
    public let isSleepable: Bool
    /// Whether an XDP program takes packets in fragments (`BPF_F_XDP_HAS_FRAGS`, Linux 5.18).
    public let takesFragments: Bool
    /// How the target is found in the kernel's types, for programs that need it when they are loaded.
    public let kernelType: KernelType?
    /// The first upstream kernel that has the hook, such as `5.18`.
    public let minimumKernel: String

    /// How a target is found in the kernel's types.
    public struct KernelType: Sendable, Hashable {
        /// What stands before the target's name in the kernel's types.
        public let prefix: String
        /// The kind of the type.
        public let kind: BTFKind
        /// What the target is, in words.
        public let noun: String
    }

    init(
        _ name: String, _ kind: ProgramKind, _ family: HookFamily, since minimumKernel: String,
        attachType: UInt32? = nil, target: Bool = false, sleepable: Bool = false, fragments: Bool = false,
        kernelType: KernelType? = nil
    ) {
        self.name = name
        self.kind = kind
        self.family = family
        self.minimumKernel = minimumKernel
        expectedAttachType = attachType
        takesTarget = target
        isSleepable = sleepable
        takesFragments = fragments
        self.kernelType = kernelType
    }

    /// The flags for `BPF_PROG_LOAD`.
    public var loadFlags: UInt32 { (isSleepable ? 1 << 4 : 0) | (takesFragments ? 1 << 5 : 0) }

    /// Finds the definition that a section's name stands for.
    ///
    /// - Parameter section: the name without a leading `?`.
    /// - Returns: the definition, and the target that follows the name, or `nil` for names that mean no hook.
    public static func find(_ section: String) -> (definition: SectionDefinition, target: String?)? {
        for definition in all {
            if section == definition.name { return (definition, nil) }
            if definition.takesTarget, section.hasPrefix(definition.name + "/") {
                return (definition, String(section.dropFirst(definition.name.count + 1)))
            }
        }
        // Older sources name network sections freely: `xdp_filter`, `classifier/ingress`, `socket1`.
        for (prefix, name) in freeNames where section.hasPrefix(prefix) {
            if let definition = all.first(where: { $0.name == name }) { return (definition, nil) }
        }
        return nil
    }

    private static let freeNames = [
        ("xdp.frags", "xdp.frags"), ("xdp", "xdp"), ("classifier", "tc"), ("tc_", "tc"), ("tc/", "tc"),
        ("action", "action"), ("socket", "socket"), ("perf_event", "perf_event"),
        ("cgroup_skb/egress", "cgroup_skb/egress"), ("cgroup_skb/ingress", "cgroup_skb/ingress"),
    ]
}

extension SectionDefinition.KernelType {
    static let tracepoint = Self(prefix: "btf_trace_", kind: .typedef, noun: "tracepoint")
    static let function = Self(prefix: "", kind: .function, noun: "function")
    static let securityHook = Self(prefix: "bpf_lsm_", kind: .function, noun: "security hook")
    static let iterator = Self(prefix: "bpf_iter_", kind: .function, noun: "iterator")
}
