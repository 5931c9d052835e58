// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Linux

/// What a kernel must be to have something, so that a plain "invalid argument" can be told as what it means.
struct KernelRequirement: Sendable {
    /// What needs it, as the beginning of a sentence: `tcx links`.
    let what: String
    /// The first upstream kernel that has it.
    let version: KernelVersion
    /// The option that the kernel must be built with.
    var option: String?

    /// Why the running kernel does not have it, as one sentence, or `nil` when it should.
    var lack: String? {
        if KernelVersion.current < version { return "\(what) need Linux \(version), this is \(KernelVersion.current)" }
        guard let option, let configuration = Self.configuration, configuration[option] ?? "n" == "n" else { return nil }
        return "\(what) need a kernel that was built with \(option)"
    }

    /// The error that says so, or `nil` when the failure must have another reason.
    func explaining(_ error: LinuxError) -> BPFError? {
        switch error.errno {
        case .invalidArgument, .tooBig, .notSupported, .kernelNotSupported, .noSuchSystemCall, .noSuchFileOrDirectory,
            .noProtocolOption, .addressFamilyNotSupported, .protocolNotSupported, .noSuchDeviceOrAddress:
            return lack.map { BPFError(.notSupported, $0, hint: Self.hint, cause: error) }
        default:
            return nil
        }
    }

    static let hint = "`skep features` lists what this kernel can do"

    private static let configuration = try? KernelConfiguration.current()

    /// What a program of a section needs to be loaded, where the kernel's answer would not say it.
    static func loading(_ hook: SectionDefinition?) -> KernelRequirement? {
        guard let hook else { return nil }
        switch hook.name {
        case "netfilter":
            return .init(what: "netfilter programs", version: "6.4", option: "CONFIG_NETFILTER_BPF_LINK")
        case "sk_lookup": return .init(what: "sk_lookup programs", version: "5.9")
        case "sk_reuseport/migrate": return .init(what: "sk_reuseport/migrate programs", version: "5.14")
        case "lirc_mode2": return .init(what: "lirc_mode2 programs", version: "4.18", option: "CONFIG_BPF_LIRC_MODE2")
        case "xdp.frags", "xdp.frags/devmap", "xdp.frags/cpumap":
            return .init(what: "XDP programs for packets in fragments", version: "5.18")
        case "xdp/cpumap": return .init(what: "XDP programs in CPU maps", version: "5.9")
        case "xdp/devmap": return .init(what: "XDP programs in device maps", version: "5.8")
        case "lsm_cgroup": return .init(what: "lsm_cgroup programs", version: "6.0", option: "CONFIG_BPF_LSM")
        case "cgroup/sock_release": return .init(what: "cgroup/sock_release programs", version: "5.9")
        case let name where name.hasPrefix("cgroup/") && name.hasSuffix("_unix"):
            return .init(what: "\(name) programs", version: "6.7")
        case let name where name.hasPrefix("cgroup/get") && name != "cgroup/getsockopt":
            return .init(what: "\(name) programs", version: "5.8")
        case "lwt_seg6local":
            return .init(what: "lwt_seg6local programs", version: "4.18", option: "CONFIG_IPV6_SEG6_BPF")
        case let name where name.hasPrefix("lwt_"):
            return .init(what: "\(name) programs", version: "4.10", option: "CONFIG_LWTUNNEL_BPF")
        default: return nil
        }
    }
}
