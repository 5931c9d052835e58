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
    /// What the option itself asks for, as the end of a sentence.
    var optionNeed: String?

    /// Why the running kernel does not have it, as one sentence, or `nil` when it should.
    var lack: String? {
        if KernelVersion.current < version { return "\(what) need Linux \(version), this is \(KernelVersion.current)" }
        guard let option, let configuration = Self.configuration, configuration[option] ?? "n" == "n" else {
            return nil
        }
        return "\(what) need a kernel that was built with \(option)\(optionNeed.map { ", \($0)" } ?? "")"
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

    /// What a program of a section needs to ask for its cookie.
    static func cookies(of hook: SectionDefinition?) -> KernelRequirement? {
        guard let hook else { return nil }
        let version: KernelVersion =
            switch hook.family {
            case .rawTracepoint: "6.10"
            case .tracing: hook.name.hasPrefix("tp_btf") ? "6.10" : "5.19"
            default: "5.15"
            }
        let needed = KernelVersion(release: hook.minimumKernel).map { max($0, version) } ?? version
        return KernelRequirement(what: "cookies of \(hook.name) programs", version: needed)
    }

    /// What programs of a section need that some kernels without it take all the same; such a program must not run there.
    static func sleeping(_ hook: SectionDefinition) -> KernelAbility? {
        switch hook.name {
        case "iter.s": .sleepableIterators
        case "tp_btf.s": .sleepableTracepoints
        default: nil
        }
    }

    /// Why programs that sleep are refused at a function.
    static func sleepLack(at function: String) -> String {
        let reason =
            KernelVersion.current < "6.3"
            ? "before Linux 6.3 only functions for error injection will do, for which it must be built with "
                + "CONFIG_FUNCTION_ERROR_INJECTION"
            : "it allows that in functions for error injection, in functions marked for it, and from Linux 7.1 in system "
                + "calls"
        return "this kernel, \(KernelVersion.current), does not let programs sleep in \(function); \(reason)"
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
        case "lirc_mode2":
            return .init(
                what: "lirc_mode2 programs", version: "4.18", option: "CONFIG_BPF_LIRC_MODE2",
                optionNeed: "which asks for CONFIG_RC_CORE=y and cannot be had with remote controls in a module")
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
        default:
            return KernelVersion(release: hook.minimumKernel).map { .init(what: "\(hook.name) programs", version: $0) }
        }
    }
}
