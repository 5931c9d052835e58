// SPDX-License-Identifier: Apache-2.0

import BTF
import Linux

extension Feature {
    /// All attach types, in the order of their numbers (`enum bpf_attach_type`).
    ///
    /// Hooks of cgroups, namespaces and interfaces are asked what is attached to something that does not exist: a kernel
    /// that knows the type minds the target, one that does not answers `EINVAL`.
    public static let attachments: [Feature] = [
        cgroup(0, "4.10"), cgroup(1, "4.10"), cgroup(2, "4.10"), cgroup(3, "4.13"), socketMap(4, "4.14", kind: 14),
        socketMap(5, "4.14", kind: 14), cgroup(6, "4.15"), socketMap(7, "4.17", kind: 16),
        cgroup(8, "4.17"), cgroup(9, "4.17"), cgroup(10, "4.17"), cgroup(11, "4.17"), cgroup(12, "4.17"),
        cgroup(13, "4.17"), cgroup(14, "4.18"), cgroup(15, "4.18"),
        queried(16, "4.18", ["CONFIG_BPF_LIRC_MODE2"]), queried(17, "4.20", ["CONFIG_NET"]), cgroup(18, "5.2"),
        cgroup(19, "5.2"), cgroup(20, "5.2"), cgroup(21, "5.3"), cgroup(22, "5.3"),
        tracing(23, "5.5", ["btf_trace_sched_process_exec", "btf_trace_sys_enter"], .typedef),
        tracing(24, "5.5", functions), tracing(25, "5.5", functions),
        tracing(26, "5.7", ["security_file_open", "bpf_modify_return_test"]),
        tracing(27, "5.7", ["bpf_lsm_file_open"], options: ["CONFIG_BPF_LSM"], program: 29),
        tracing(28, "5.8", ["bpf_iter_task"]), cgroup(29, "5.8"), cgroup(30, "5.8"), cgroup(31, "5.8"),
        cgroup(32, "5.8"), deviceMap, cgroup(34, "5.9"), processorMap, queried(36, "5.9", ["CONFIG_NET"]),
        linked(37, "5.9", "xdp", ["CONFIG_NET"]), socketMap(38, "5.13", kind: 14),
        loaded(39, "5.14", kind: 21, ["CONFIG_INET"]), loaded(40, "5.14", kind: 21, ["CONFIG_INET"]),
        linked(41, "5.15", "perf_event", ["CONFIG_PERF_EVENTS"]),
        linked(42, "5.18", "kprobe_multi", ["CONFIG_FPROBE"]), lsmCgroup,
        linked(44, "6.4", "struct_ops", ["CONFIG_BPF_JIT", "CONFIG_DEBUG_INFO_BTF"]),
        linked(45, "6.4", "netfilter", ["CONFIG_NETFILTER_BPF_LINK"]),
        queried(46, "6.6", ["CONFIG_NET_XGRESS"]), queried(47, "6.6", ["CONFIG_NET_XGRESS"]),
        linked(48, "6.6", "uprobe_multi", ["CONFIG_UPROBES"]), cgroup(49, "6.7"), cgroup(50, "6.7"),
        cgroup(51, "6.7"), cgroup(52, "6.7"), cgroup(53, "6.7"), queried(54, "6.7", ["CONFIG_NETKIT"]),
        queried(55, "6.7", ["CONFIG_NETKIT"]), session(56, "6.10", ["CONFIG_FPROBE"]),
        session(57, "6.13", ["CONFIG_UPROBES"]), tracing(58, "7.0", functions),
    ]

    private static let functions = ["bpf_fentry_test1", "vfs_read", "do_exit"]

    private static func make(
        _ type: UInt32, _ version: KernelVersion, _ options: [String], _ test: @escaping @Sendable () -> ProbeOutcome
    ) -> Feature {
        Feature(.attachment, AttachTypeName.text(type), since: version, options: options, test: test)
    }

    private static func cgroup(_ type: UInt32, _ version: KernelVersion) -> Feature {
        queried(type, version, ["CONFIG_CGROUP_BPF"])
    }

    private static func queried(_ type: UInt32, _ version: KernelVersion, _ options: [String]) -> Feature {
        make(type, version, options) { query(type) }
    }

    private static func query(_ type: UInt32) -> ProbeOutcome {
        do throws(LinuxError) {
            _ = try BPFSystemCall.query(target: .max, attachType: type)
            return .available
        } catch {
            switch error.errno {
            case .badFileDescriptor, .noSuchDevice, .notDirectory, .noSuchFileOrDirectory: return .available
            default: return .judge(error)
            }
        }
    }

    private static let lsmCgroup = make(43, "6.0", ["CONFIG_BPF_LSM", "CONFIG_CGROUP_BPF"]) {
        // The kernel can be asked for the type even where security hooks are not active.
        query(43)
    }

    /// The answer of the link that the type belongs to.
    private static func linked(
        _ type: UInt32, _ version: KernelVersion, _ link: String, _ options: [String]
    ) -> Feature {
        make(type, version, options) {
            links.first { $0.name == link }?.probe().outcome ?? .unknown("there is no probe of the link \(link)")
        }
    }

    private static func tracing(
        _ type: UInt32, _ version: KernelVersion, _ targets: [String], _ kind: BTFKind = .function,
        options: [String] = [], program: UInt32 = 26
    ) -> Feature {
        make(type, version, ["CONFIG_DEBUG_INFO_BTF"] + options) {
            guard let target = ProbeProgram.target(targets, kind) else { return .unsupported }
            return ProbeProgram.load(kind: program, attachType: type, target: target).outcome
        }
    }

    /// A kernel that takes a number which no attach type has does not look at it, and so does not know the type.
    private static func loaded(_ type: UInt32, _ version: KernelVersion, kind: UInt32, _ options: [String]) -> Feature {
        make(type, version, options) {
            if ProbeProgram.load(kind: kind, attachType: 0x7fff).error == nil { return .unsupported }
            return ProbeProgram.load(kind: kind, attachType: type).outcome
        }
    }

    /// Attaches to a map of the probe's own, which goes with its descriptor.
    private static func socketMap(_ type: UInt32, _ version: KernelVersion, kind: UInt32) -> Feature {
        make(type, version, ["CONFIG_NET"]) {
            let answer = ProbeProgram.load(kind: kind, attachType: type)
            guard let program = answer.number else { return answer.outcome }
            do throws(LinuxError) {
                let map = try BPFSystemCall.createMap(MapCreation(kind: 15, keySize: 4, valueSize: 4, maxEntries: 1))
                let attachment = ProgramAttachment(
                    program: program, target: UInt32(bitPattern: map.rawValue), attachType: type)
                try BPFSystemCall.attach(attachment)
                try? BPFSystemCall.detach(attachment)
                return .available
            } catch {
                return .judge(error)
            }
        }
    }

    /// A program behind the loopback interface in a map of the probe's own, into which nobody redirects.
    private static let deviceMap = make(33, "5.8", ["CONFIG_NET"]) { mapProgram(kind: 14, attachType: 33, first: 1) }

    /// A program behind CPU 0 in a map of the probe's own, into which nobody redirects.
    private static let processorMap = make(35, "5.9", ["CONFIG_NET"]) { mapProgram(kind: 16, attachType: 35, first: 8) }

    private static func mapProgram(kind: UInt32, attachType: UInt32, first: UInt32) -> ProbeOutcome {
        let answer = ProbeProgram.load(kind: 6, attachType: attachType)
        guard let program = answer.number else { return answer.outcome }
        do throws(LinuxError) {
            let map = try BPFSystemCall.createMap(MapCreation(kind: kind, keySize: 4, valueSize: 8, maxEntries: 1))
            var key: UInt32 = 0
            var value = (first, program)
            try BPFSystemCall.update(map: map.rawValue, key: &key, value: &value)
            return .available
        } catch {
            return .judge(error)
        }
    }

    /// Asks for a link on a function or a binary that does not exist.
    private static func session(_ type: UInt32, _ version: KernelVersion, _ options: [String]) -> Feature {
        make(type, version, options) {
            let answer = ProbeProgram.load(kind: 2, attachType: type)
            guard let program = answer.number else { return answer.outcome }
            let detail: LinkCreation.Detail =
                type == 56
                ? .multiKprobe(flags: 0, symbols: ["skep_no_such_function"], addresses: [], cookies: [])
                : .multiUprobe(path: "/", offsets: [0], counters: [], cookies: [], flags: 0, process: 0)
            do throws(LinuxError) {
                _ = try BPFSystemCall.createLink(
                    LinkCreation(program: program, target: 0, attachType: type, detail: detail))
                return .available
            } catch {
                switch error.errno {
                case .noSuchProcess, .noSuchFileOrDirectory, .badFileDescriptor: return .available
                default: return .judge(error)
                }
            }
        }
    }
}
