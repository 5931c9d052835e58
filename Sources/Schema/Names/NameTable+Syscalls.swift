// SPDX-License-Identifier: Apache-2.0

extension NameTable {
    /// System calls of x86-64: `openat` is 257.
    public static let x86Syscalls = NameTable(dense: SyscallNames.x86_64, acceptedPrefixes: ["__NR_", "SYS_", "sys_"])

    /// System calls of arm64, which are those of every architecture that came late (riscv64, loongarch64).
    public static let arm64Syscalls = NameTable(dense: SyscallNames.arm64, acceptedPrefixes: ["__NR_", "SYS_", "sys_"])

    /// System calls of the machine that this program runs on.
    public static var syscalls: NameTable {
        #if arch(x86_64)
            x86Syscalls
        #else
            arm64Syscalls
        #endif
    }
}
