// SPDX-License-Identifier: Apache-2.0

import Linux

extension KernelCheck {
    /// What the machine must have for anything else to work.
    static let machineChecks = [
        KernelCheck("the kernel publishes its BTF") {
            let size = try Files.read("/sys/kernel/btf/vmlinux").count
            try expect(size > 1 << 20, "/sys/kernel/btf/vmlinux has only \(size) bytes")
            return .passed
        },
        KernelCheck("the kernel says its upstream version") {
            try expect(KernelVersion.current >= "5.10", "the version is \(KernelVersion.current)")
            let named = KernelVersion(release: KernelVersion.release)
            try expect(
                named?.major == KernelVersion.current.major && named?.minor == KernelVersion.current.minor,
                "the version is \(KernelVersion.current), the release \(KernelVersion.release)")
            return .passed
        },
    ]
}
