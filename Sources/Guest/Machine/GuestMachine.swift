// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Glibc
public import KernelChecks

/// A virtual machine that boots one kernel in QEMU's software emulation, runs the kernel checks and powers off.
///
/// ```swift
/// let machine = try GuestMachine(folder: ".build-guests")
/// for kernel in machine.kernels {
///     for report in try machine.boot(kernel).reports { print(kernel, report.line) }
/// }
/// ```
public struct GuestMachine: Sendable {
    /// The kernels that can be booted, the oldest first.
    public let kernels: [GuestKernel]
    private let emulator: String
    private let program: String

    /// Finds QEMU, the checks program and the kernels.
    ///
    /// - Parameter folder: holds `kernel-checks` and `kernels/`; made by the scripts that `make test` runs.
    /// - Throws: ``GuestError`` with the code `unavailable`, which says what is missing and how to get it.
    public init(folder: String) throws(GuestError) {
        guard let emulator = Self.find("qemu-system-x86_64") else {
            throw GuestError(
                .unavailable, "qemu-system-x86_64 is not installed",
                hint: "apt-get install --no-install-recommends qemu-system-x86")
        }
        guard Files.exists("\(folder)/kernel-checks") else {
            throw GuestError(
                .unavailable, "the program that guests run was not built", hint: "run Tools/scripts/kernel-checks.sh")
        }
        let kernels = GuestKernel.available(in: "\(folder)/kernels")
        guard !kernels.isEmpty else {
            throw GuestError(
                .unavailable, "no guest kernels were fetched", hint: "run Tools/scripts/guest-kernels.sh, which needs the network")
        }
        self.kernels = kernels
        self.emulator = emulator
        program = "\(folder)/kernel-checks"
    }

    /// What a guest reported until it powered off.
    public struct Run: Sendable {
        /// One report a check, in the order they ran.
        public let reports: [CheckReport]
        /// Everything that the guest printed.
        public let console: String
    }

    /// Boots a kernel and waits until it is off.
    ///
    /// Blocks its thread for as long as that takes, 5 to 20 s and the checks' own time, so a caller gives it one.
    ///
    /// - Parameters:
    ///   - kernel: the kernel.
    ///   - timeLimit: after this QEMU is killed.
    /// - Throws: ``GuestError`` when the guest does not report that all checks have run; its text ends with the console.
    public func boot(_ kernel: GuestKernel, timeLimit: Duration = .seconds(180)) throws(GuestError) -> Run {
        let archive = try GuestFileSystem.archive(for: kernel, program: program)
        let path = "\(kernel.folder)/initramfs.\(getpid())"
        try Files.write(archive, to: path)
        defer { unlink(path) }

        let result = try ChildProcess.run(
            emulator, arguments: arguments(kernel: kernel, archive: path), timeLimit: timeLimit, outputLimit: 4 << 20)
        let console = String(decoding: result.output.filter { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
        let lines = console.split(separator: "\n")
        guard lines.contains(where: { $0.hasSuffix(CheckProgram.lastLine) }) else {
            let reason = result.timedOut ? "did not finish within \(timeLimit)" : "ended before its checks did"
            throw GuestError(
                .unfinished, "the guest \(reason)", context: [DiagnosticContext("kernel", kernel)],
                detail: lines.suffix(40).joined(separator: "\n"))
        }
        return Run(reports: lines.compactMap { CheckReport(line: $0) }, console: console)
    }

    /// Software emulation only: /dev/kvm cannot be trusted to work inside another virtual machine.
    private func arguments(kernel: GuestKernel, archive: String) -> [String] {
        [
            "-accel", "tcg", "-cpu", "max", "-smp", "2", "-m", "768", "-nodefaults", "-no-reboot", "-display", "none",
            "-serial", "stdio", "-kernel", kernel.image, "-initrd", archive,
            // A panic reboots at once, which -no-reboot makes the end. Mitigations cost emulated time and check nothing.
            "-append", "console=ttyS0 quiet loglevel=1 panic=-1 mitigations=off nokaslr random.trust_cpu=on",
        ]
    }

    private static func find(_ name: String) -> String? {
        let folders = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
        return folders.split(separator: ":").map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
    }
}
