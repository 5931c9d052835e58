// SPDX-License-Identifier: Apache-2.0

import Linux

/// Why a machine may refuse bpf(2), from what a process can see.
enum Refusal {
    /// One sentence that says what is most likely missing, and what to do.
    static func explain() -> String {
        let capabilities = (try? Capabilities.effective()) ?? []
        if !capabilities.contains(.systemAdministration), !capabilities.contains(.bpf) {
            return Processes.currentUser == 0
                ? "this process is root but has neither CAP_BPF nor CAP_SYS_ADMIN, as in most containers: grant them"
                : "run as root, or grant CAP_BPF, CAP_PERFMON and, for network hooks, CAP_NET_ADMIN"
        }
        if let lockdown = Lockdown.current(), lockdown == .confidentiality {
            return "the kernel is locked down (\(lockdown.rawValue)), which forbids reading its memory: "
                + "see /sys/kernel/security/lockdown"
        }
        if !capabilities.contains(.systemAdministration), !capabilities.contains(.performanceMonitoring) {
            return "tracing also needs CAP_PERFMON"
        }
        if let limit = try? MemoryLock.limit(), limit != .max, KernelVersion.current < KernelVersion(5, 11) {
            return "the limit of locked memory (MEMLOCK, \(limit) bytes) may be too low: raise it with "
                + "`ulimit -l unlimited`"
        }
        return
            "this process has the rights, so a security module, a kernel without the hook, or a hardened kernel refuses"
    }
}
