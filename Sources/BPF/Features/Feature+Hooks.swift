// SPDX-License-Identifier: Apache-2.0

import BTF
import Linux

extension Feature {
    /// Hooks that depend on more than the kind of program: a kernel may know the kind and yet refuse the place.
    public static let hooks: [Feature] = [
        tracing("fentry", 24, "5.5", functions), tracing("fexit", 25, "5.5", functions),
        tracing("fmod_ret", 26, "5.7", ["security_file_open", "bpf_modify_return_test"]),
        tracing(
            "fentry.s", 24, "5.10", sleepableFunctions, sleepable: true,
            options: KernelVersion.current < "6.3" ? ["CONFIG_FUNCTION_ERROR_INJECTION"] : []),
        tracing("tp_btf", 23, "5.5", ["btf_trace_sched_process_exec", "btf_trace_sys_enter"], kind: .typedef),
        tracing("iter", 28, "5.8", ["bpf_iter_task"]),
        Feature(.hook, "lsm", since: "5.7", options: ["CONFIG_BPF_LSM"]) { lsm(27) },
        Feature(.hook, "lsm_cgroup", since: "6.0", options: ["CONFIG_BPF_LSM", "CONFIG_CGROUP_BPF"]) { lsm(43) },
        Feature(.hook, "tracepoint", since: "4.7", options: ["CONFIG_TRACEPOINTS"]) { tracepoint() },
        unit("kprobe", "4.17", ["CONFIG_KPROBE_EVENTS"]), unit("uprobe", "4.17", ["CONFIG_UPROBE_EVENTS"]),
        event("perf_event.software", .cpuClock), event("perf_event.hardware", .cpuCycles),
    ]

    /// Functions of which every kernel has at least one.
    private static let functions = ["bpf_fentry_test1", "vfs_read", "do_exit"]

    /// Functions that programs which sleep may be attached to: since Linux 6.3 a test function for this, before that only
    /// those whose errors can be injected, such as system calls.
    private static var sleepableFunctions: [String] {
        KernelVersion.current < "6.3" ? ["__x64_sys_getpgid", "__arm64_sys_getpgid"] : ["bpf_fentry_test1"]
    }

    private static func tracing(
        _ name: String, _ attachType: UInt32, _ version: KernelVersion, _ targets: [String],
        kind: BTFKind = .function, sleepable: Bool = false, options further: [String] = []
    ) -> Feature {
        let options = ["CONFIG_DEBUG_INFO_BTF"] + (kind == .typedef ? [] : ["CONFIG_BPF_JIT"]) + further
        return Feature(.hook, name, since: version, options: options) {
            guard let target = ProbeProgram.target(targets, kind) else {
                return hasTypes ? .unknown("the kernel has none of \(targets.joined(separator: ", "))") : .unsupported
            }
            let answer = ProbeProgram.load(
                kind: 26, attachType: attachType, target: target, flags: sleepable ? 1 << 4 : 0)
            return answer.log.contains("is not sleepable") ? .unsupported : answer.outcome
        }
    }

    private static func lsm(_ attachType: UInt32) -> ProbeOutcome {
        let name = attachType == 43 ? "bpf_lsm_socket_bind" : "bpf_lsm_file_open"
        guard let target = ProbeProgram.target([name], .function) else { return .unsupported }
        guard (try? Files.readText("/sys/kernel/security/lsm", limit: 4096))?.contains("bpf") != false else {
            return .refused("`bpf` is not in the list of active security modules: boot with lsm=…,bpf")
        }
        return ProbeProgram.load(kind: 29, attachType: attachType, target: target).outcome
    }

    private static var hasTypes: Bool { (try? KernelTypes.running.core()) != nil }

    private static func tracepoint() -> ProbeOutcome {
        do throws(LinuxError) {
            let id = try TraceFileSystem().tracepointID(category: "sched", name: "sched_process_exec")
            _ = try PerfEvent.open(.tracepoint(id), process: 0, cpu: -1)
            return .available
        } catch {
            return error.errno == .noSuchDevice ? .unsupported : .judge(error)
        }
    }

    /// Kprobes and uprobes are offered as units of performance monitoring.
    private static func unit(_ name: String, _ version: KernelVersion, _ options: [String]) -> Feature {
        Feature(.hook, name, since: version, options: options) {
            do throws(LinuxError) {
                _ = try PerfEvent.unit(named: name)
                return .available
            } catch {
                return error.errno == .noSuchFileOrDirectory ? .unsupported : .judge(error)
            }
        }
    }

    private static func event(_ name: String, _ attributes: PerfEventAttributes) -> Feature {
        Feature(.hook, name, since: "4.9", options: ["CONFIG_PERF_EVENTS"]) {
            var attributes = attributes
            attributes.sampling = .period(1_000_000_000)
            do throws(LinuxError) {
                _ = try PerfEvent.open(attributes, process: 0, cpu: -1)
                return .available
            } catch {
                if error.errno == .noSuchFileOrDirectory || error.errno == .noSuchDevice {
                    return .refused("this machine has no such counter, as is usual in virtual machines")
                }
                return .judge(error)
            }
        }
    }
}
