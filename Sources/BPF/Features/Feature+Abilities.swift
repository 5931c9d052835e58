// SPDX-License-Identifier: Apache-2.0

import BPFInstruction
import BTF
import Linux

extension Feature {
    /// What programs and loaders may do beyond single helpers: loops, timers, iterators, signatures and so on.
    public static let abilities: [Feature] = [
        calls("attach_cookie", "5.15", 174, kind: 5, ["CONFIG_BPF_EVENTS"]), calls("timer", "5.15", 169),
        calls("bpf_loop", "5.17", 181), calls("kptr", "5.19", 194), calls("dynptr", "5.19", 197),
        kernelFunction("open_coded_iterators", "6.4", "bpf_iter_num_new"),
        kernelFunction("xdp_metadata_timestamp", "6.3", "bpf_xdp_metadata_rx_timestamp", ["CONFIG_NET"]),
        kernelFunction("xdp_metadata_hash", "6.3", "bpf_xdp_metadata_rx_hash", ["CONFIG_NET"]),
        kernelFunction("xdp_metadata_vlan", "6.8", "bpf_xdp_metadata_rx_vlan_tag", ["CONFIG_NET"]),
        Feature(.facility, "xdp_fragments", since: "5.18", options: ["CONFIG_NET"]) {
            ProbeProgram.load(kind: 6, flags: 1 << 5).outcome  // BPF_F_XDP_HAS_FRAGS
        },
        // The flag is of 5.10, but nothing of that kernel could sleep that distributions build.
        Feature(.facility, "sleepable", since: "5.11", options: ["CONFIG_DEBUG_INFO_BTF"]) { sleepable() },
        Feature(.facility, "raw_tracepoint_cookie", since: "6.10") {
            known { () throws(LinuxError) in
                _ = try BPFSystemCall.openRawTracepoint(program: -1, name: "none", cookie: 1)
            }
        },
        Feature(.facility, "exclusive_maps", since: "6.18") {
            var creation = MapCreation(kind: 2, keySize: 4, valueSize: 4, maxEntries: 1)
            creation.exclusiveProgramHash = [UInt8](repeating: 0, count: 32)
            let copy = creation
            return known { () throws(LinuxError) in _ = try BPFSystemCall.createMap(copy) }
        },
        Feature(.facility, "signatures", since: "6.18", options: ["CONFIG_SYSTEM_DATA_VERIFICATION|CONFIG_BPF_SYSCALL"])
        {
            signature()
        },
        Feature(.facility, "declared_descriptors", since: "6.14") { declaredDescriptors() },
    ]

    private static func known(_ call: () throws(LinuxError) -> Void) -> ProbeOutcome {
        do throws(LinuxError) {
            try call()
            return .available
        } catch {
            return error.errno == .badFileDescriptor ? .available : .judge(error)
        }
    }

    /// A helper that stands for the ability.
    private static func calls(
        _ name: String, _ version: KernelVersion, _ helper: Int32, kind: UInt32 = 1, _ options: [String] = []
    ) -> Feature {
        Feature(.facility, name, since: version, options: options) {
            HelperProbe(kind: kind).outcome(of: helper)
        }
    }

    private static func kernelFunction(
        _ name: String, _ version: KernelVersion, _ function: String, _ options: [String] = []
    ) -> Feature {
        Feature(.facility, name, since: version, options: ["CONFIG_DEBUG_INFO_BTF"] + options) {
            ProbeProgram.target([function], .function) == nil ? .unsupported : .available
        }
    }

    private static func sleepable() -> ProbeOutcome {
        // A security hook, a system call's function, or (5.14) a program of the kind `syscall`: one of them will do.
        if let target = ProbeProgram.target(["bpf_lsm_file_open"], .function),
            ProbeProgram.load(kind: 29, attachType: 27, target: target, flags: 1 << 4).error == nil
        {
            return .available
        }
        if let target = ProbeProgram.target(["__x64_sys_getpgid", "__arm64_sys_getpgid"], .function),
            ProbeProgram.load(kind: 26, attachType: 24, target: target, flags: 1 << 4).error == nil
        {
            return .available
        }
        return ProbeProgram.load(kind: 31, flags: 1 << 4).outcome
    }

    /// A kernel that checks signatures minds this one.
    private static func signature() -> ProbeOutcome {
        var load = ProgramLoad(kind: 1, name: "skep_probe", license: "GPL")
        load.signature = [0x30, 0]
        load.keyring = 0
        var log: VerifierLog?
        do throws(LinuxError) {
            _ = try BPFSystemCall.loadProgram(
                load, instructions: Instruction.encode(ProbeProgram.minimal, order: .host), log: &log)
            return .available
        } catch {
            // An older kernel minds the attribute; every other error is about the signature.
            return error.errno == .tooBig || error.errno == .notPermitted ? .judge(error) : .available
        }
    }

    private static func declaredDescriptors() -> ProbeOutcome {
        do throws(LinuxError) {
            let map = try BPFSystemCall.createMap(MapCreation(kind: 2, keySize: 4, valueSize: 4, maxEntries: 1))
            var load = ProgramLoad(kind: 1, name: "skep_probe", license: "GPL")
            load.fileDescriptors = [map.rawValue]
            load.declaresFileDescriptorCount = true
            var log: VerifierLog?
            _ = try BPFSystemCall.loadProgram(
                load, instructions: Instruction.encode(ProbeProgram.minimal, order: .host), log: &log)
            return .available
        } catch {
            return .judge(error)
        }
    }
}
