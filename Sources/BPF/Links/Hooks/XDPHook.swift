// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Linux

/// Packets at a network interface's driver: `xdp`, `xdp.frags`.
///
/// - Note: a link since Linux 5.9, netlink before; `net/core/dev.c`.
enum XDPHook: Hook {
    static let families: [HookFamily] = [.xdp]

    static func attach(_ program: Program, options: AttachOptions) throws(BPFError) -> Link {
        let mode = options.xdpMode
        let isClassic =
            options.mechanism == .classic
            || (options.mechanism == .automatic && KernelVersion.current < KernelVersion(5, 9))
        return try InterfaceTargets.attach(
            program, options, what: "XDP",
            explain: { explain($0, mode, program, interface: $1, mustBeLink: options.mechanism == .link) },
            each: { target throws(LinuxError) in
                if !isClassic {
                    return LinkPart(
                        try BPFSystemCall.createLink(
                            LinkCreation(
                                program: program.rawDescriptor, target: target.index, attachType: attachType,
                                flags: mode.rawValue)))
                }
                // Only if nothing is there yet (XDP_FLAGS_UPDATE_IF_NOEXIST), as a link would.
                try InterfacePrograms.setXDP(program.rawDescriptor, on: target.index, flags: mode.rawValue | 1)
                return LinkPart(NetlinkXDP(program, target, mode: mode.rawValue))
            })
    }

    /// `BPF_XDP` of `enum bpf_attach_type`.
    private static let attachType: UInt32 = 37

    private static let linkRequirement = KernelRequirement(what: "XDP links", version: "5.9")

    private static func explain(
        _ error: LinuxError, _ mode: AttachOptions.XDPMode, _ program: Program, interface: String, mustBeLink: Bool
    ) -> BPFError? {
        if mustBeLink, let lack = linkRequirement.explaining(error) { return lack }
        if error.errno == .invalidArgument, let bound = program.boundInterface, bound != interface {
            return BPFError(
                .invalidArgument,
                "the program \(program.name) was loaded for the interface \(bound) and runs on no other",
                hint: "load the object once more for \(interface)", cause: error)
        }
        switch (error.errno, mode) {
        case (.invalidArgument, .hardware), (.notSupported, .hardware):
            return BPFError(
                .notSupported, "the device of the interface \(interface) does not run XDP programs itself",
                hint: "use the mode native or automatic", cause: error)
        case (.notSupported, .native):
            return BPFError(
                .notSupported, "the driver of the interface \(interface) has no native XDP",
                hint: "use the mode generic or automatic", cause: error)
        case (.busy, _), (.exists, _):
            return BPFError(
                .system, "the interface \(interface) has another XDP program already",
                hint: "`ip link show \(interface)` shows it; one interface runs one XDP program, in one mode",
                cause: error)
        default: return nil
        }
    }
}

/// An XDP program that netlink attached.
private final class NetlinkXDP: ManualAttachment {
    private let program: AttachedProgram
    private let target: InterfaceTargets.Target
    private let mode: UInt32

    init(_ program: Program, _ target: InterfaceTargets.Target, mode: UInt32) {
        self.program = AttachedProgram(program)
        self.target = target
        self.mode = mode
    }

    func end() {
        let expected = program.current.rawDescriptor
        try? target.namespace.run { [target, mode] () throws(LinuxError) in
            // Kernels before 5.7 cannot tell whether it is still the same program.
            try InterfacePrograms.setXDP(
                nil, on: target.index, flags: mode,
                expected: KernelVersion.current >= KernelVersion(5, 7) ? expected : nil)
        }
    }

    func update(to new: Program, replacing expected: Program?) throws(LinuxError) {
        try program.replace(with: new, expecting: expected) { current throws(LinuxError) in
            let (old, next) = (current.rawDescriptor, new.rawDescriptor)
            try target.namespace.run { [target, mode] () throws(LinuxError) in
                try InterfacePrograms.setXDP(next, on: target.index, flags: mode, expected: old)
            }
        }
    }
}
