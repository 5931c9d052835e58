// SPDX-License-Identifier: Apache-2.0

import Glibc

extension KernelCheck {
    /// Every check, in the order they run.
    public static let all: [KernelCheck] = machineChecks

    /// What the machine must have for anything else to work.
    static let machineChecks = [
        KernelCheck("the kernel publishes its BTF") {
            var found = stat()
            guard stat("/sys/kernel/btf/vmlinux", &found) == 0 else { return .failed("no /sys/kernel/btf/vmlinux") }
            try expect(found.st_size > 1 << 20, "/sys/kernel/btf/vmlinux has only \(found.st_size) bytes")
            return .passed
        },
        KernelCheck("the kernel has the bpf system call") {
            try expect(
                access("/proc/sys/kernel/unprivileged_bpf_disabled", F_OK) == 0,
                "no /proc/sys/kernel/unprivileged_bpf_disabled: built without CONFIG_BPF_SYSCALL")
            return .passed
        },
    ]
}
