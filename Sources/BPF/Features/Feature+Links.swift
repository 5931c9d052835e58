// SPDX-License-Identifier: Apache-2.0

import Linux

extension Feature {
    /// Kinds of link. A probe makes one in a network namespace of its own, or asks for one on something that does not
    /// exist: a kernel that knows the kind minds the target, one that does not answers `EINVAL`.
    public static let links: [Feature] = [
        Feature(.link, "raw_tracepoint", since: "4.17", options: ["CONFIG_BPF_EVENTS"]) { rawTracepoint() },
        Feature(.link, "tracing", since: "5.5", options: ["CONFIG_DEBUG_INFO_BTF"]) {
            // Such a program is attached through a link in every kernel that loads it.
            ProbeProgram.load(minimal: 26).outcome
        },
        Feature(.link, "cgroup", since: "5.7", options: ["CONFIG_CGROUP_BPF"]) {
            missing(ProbeProgram.load(kind: 8), attachType: 0)
        },
        Feature(.link, "iter", since: "5.8", options: ["CONFIG_DEBUG_INFO_BTF"]) { iterator() },
        Feature(.link, "netns", since: "5.8", options: ["CONFIG_NET"]) {
            missing(ProbeProgram.load(kind: 22), attachType: 17)
        },
        Feature(.link, "xdp", since: "5.9", options: ["CONFIG_NET"]) {
            onLoopback(ProbeProgram.load(kind: 6), attachType: 37, flags: 2)  // XDP_FLAGS_SKB_MODE
        },
        Feature(.link, "perf_event", since: "5.15", options: ["CONFIG_PERF_EVENTS"]) {
            missing(ProbeProgram.load(kind: 5), attachType: 41)
        },
        Feature(.link, "kprobe_multi", since: "5.18", options: ["CONFIG_FPROBE"]) {
            missing(
                ProbeProgram.load(kind: 2, attachType: 42), attachType: 42,
                detail: .multiKprobe(flags: 0, symbols: ["skep_no_such_function"], addresses: [], cookies: []))
        },
        Feature(.link, "struct_ops", since: "6.4", options: ["CONFIG_BPF_JIT", "CONFIG_DEBUG_INFO_BTF"]) {
            structOps()
        },
        Feature(.link, "netfilter", since: "6.4", options: ["CONFIG_NETFILTER_BPF_LINK"]) {
            // No protocol family has this number.
            missing(
                ProbeProgram.load(kind: 32, attachType: 45), attachType: 45, target: 0,
                detail: .netfilter(family: 0, hook: 0, priority: 0, flags: 0))
        },
        Feature(.link, "tcx", since: "6.6", options: ["CONFIG_NET_XGRESS"]) {
            onLoopback(ProbeProgram.load(kind: 3, attachType: 46), attachType: 46)
        },
        Feature(.link, "uprobe_multi", since: "6.6", options: ["CONFIG_UPROBES"]) {
            missing(
                ProbeProgram.load(kind: 2, attachType: 48), attachType: 48, target: 0,
                detail: .multiUprobe(path: "/", offsets: [0], counters: [], cookies: [], flags: 0, process: 0))
        },
        Feature(.link, "netkit", since: "6.7", options: ["CONFIG_NETKIT"]) {
            onLoopback(ProbeProgram.load(kind: 3, attachType: 54), attachType: 54)
        },
        Feature(.link, "sockmap", since: "6.10", options: ["CONFIG_NET"]) { socketMap() },
    ]

    /// Whether links on many functions of a file can be of one process: kernels from 6.6 to 6.9 took its number for that of
    /// a thread. Those that do not, mind a number that no process has.
    static let multiUprobesFilterProcesses: Bool = {
        let answer = ProbeProgram.load(kind: 2, attachType: 48)
        guard let program = answer.number else { return false }
        let detail = LinkCreation.Detail.multiUprobe(
            path: "/", offsets: [0], counters: [], cookies: [], flags: 0, process: .max)
        do throws(LinuxError) {
            _ = try BPFSystemCall.createLink(LinkCreation(program: program, target: 0, attachType: 48, detail: detail))
            return false
        } catch {
            return error.errno == .invalidArgument
        }
    }()

    /// Asks for a link on something that does not exist.
    private static func missing(
        _ answer: consuming ProbeProgram.Answer, attachType: UInt32, target: UInt32 = .max,
        detail: LinkCreation.Detail = .none
    ) -> ProbeOutcome {
        guard let number = answer.number else { return answer.outcome }
        let creation = LinkCreation(program: number, target: target, attachType: attachType, detail: detail)
        do throws(LinuxError) {
            _ = try BPFSystemCall.createLink(creation)
            return .available
        } catch {
            switch error.errno {
            case .badFileDescriptor, .noSuchProcess, .noSuchFileOrDirectory, .addressFamilyNotSupported,
                .noSuchDevice, .noSuchDeviceOrAddress:
                return .available
            default:
                return .judge(error)
            }
        }
    }

    /// Makes a link on the loopback interface of a network namespace that is gone afterwards.
    private static func onLoopback(
        _ answer: consuming ProbeProgram.Answer, attachType: UInt32, flags: UInt32 = 0
    ) -> ProbeOutcome {
        guard let number = answer.number else { return answer.outcome }
        do throws(LinuxError) {
            let namespace = try NetworkNamespace.create()
            try NetworkNamespace.descriptor(namespace.rawValue).run { () throws(LinuxError) in
                let creation = LinkCreation(program: number, target: 1, attachType: attachType, flags: flags)
                _ = try BPFSystemCall.createLink(creation)
            }
            return .available
        } catch {
            if error.call.hasPrefix("unshare") { return .unknown("no network namespace can be made: \(error.message)") }
            // The loopback interface is no netkit device.
            return error.errno == .noSuchDeviceOrAddress ? .available : .judge(error)
        }
    }

    private static func rawTracepoint() -> ProbeOutcome {
        let answer = ProbeProgram.load(kind: 17)
        guard let program = answer.number else { return answer.outcome }
        do throws(LinuxError) {
            _ = try BPFSystemCall.openRawTracepoint(program: program, name: "skep_no_such_tracepoint")
            return .available
        } catch {
            return error.errno == .noSuchFileOrDirectory ? .available : .judge(error)
        }
    }

    /// An iterator runs only while its file is read, so it is made and dropped.
    private static func iterator() -> ProbeOutcome {
        guard let target = ProbeProgram.target(["bpf_iter_task"], .function) else { return .unsupported }
        let answer = ProbeProgram.load(kind: 26, attachType: 28, target: target)
        guard let program = answer.number else { return answer.outcome }
        do throws(LinuxError) {
            _ = try BPFSystemCall.createLink(LinkCreation(program: program, target: 0, attachType: 28))
            return .available
        } catch {
            return .judge(error)
        }
    }

    /// A kernel that knows the flag minds the type of the map's value.
    private static func structOps() -> ProbeOutcome {
        var creation = MapCreation(kind: 26, keySize: 4, valueSize: 64, maxEntries: 1, flags: 1 << 13)  // BPF_F_LINK
        creation.kernelValueType = 1
        do throws(LinuxError) {
            _ = try BPFSystemCall.createMap(creation)
            return .available
        } catch {
            return error.errno == .kernelNotSupported ? .available : .judge(error)
        }
    }

    private static func socketMap() -> ProbeOutcome {
        let answer = ProbeProgram.load(kind: 14, attachType: 38)
        guard let program = answer.number else { return answer.outcome }
        do throws(LinuxError) {
            let map = try BPFSystemCall.createMap(MapCreation(kind: 15, keySize: 4, valueSize: 4, maxEntries: 1))
            let creation = LinkCreation(program: program, targetDescriptor: map.rawValue, attachType: 38)
            _ = try BPFSystemCall.createLink(creation)
            return .available
        } catch {
            return .judge(error)
        }
    }
}
