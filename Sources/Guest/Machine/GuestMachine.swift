// SPDX-License-Identifier: Apache-2.0

import Diagnostics
public import KernelChecks
import Linux

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
    /// Bytes of the console; a guest that prints more is stopped.
    private static let outputLimit = 4 << 20

    /// Finds QEMU, the checks program and the kernels.
    ///
    /// - Parameter folder: holds `kernel-checks` and `kernels/`; made by the scripts that `make test` runs.
    /// - Throws: ``GuestError`` with the code `unavailable`, which says what is missing and how to get it.
    public init(folder: String) throws(GuestError) {
        guard let search = try? ChildProcess.run("/bin/sh", ["-c", "command -v qemu-system-x86_64"]), search.isSuccess,
            let emulator = String(decoding: search.output, as: UTF8.self).split(separator: "\n").first
        else {
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
                .unavailable, "no guest kernels were fetched",
                hint: "run Tools/scripts/guest-kernels.sh, which needs the network")
        }
        self.kernels = kernels
        self.emulator = String(emulator)
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
    ///   - files: files that come along, by their paths below the root, such as `objects/maps.o`.
    ///   - timeLimit: milliseconds after which QEMU is killed.
    /// - Throws: ``GuestError`` when the guest does not report that all checks have run; its text ends with the console.
    public func boot(
        _ kernel: GuestKernel, files: [String: [UInt8]] = [:], timeLimit: Int32 = 180_000
    ) throws(GuestError) -> Run {
        let output: ChildProcess.Output
        do throws(LinuxError) {
            let path = "\(kernel.folder)/initramfs.\(Processes.current)"
            try Files.write(try GuestFileSystem.archive(for: kernel, program: program, files: files), to: path)
            defer { try? Files.remove(path) }
            var command = ChildProcess.Command(emulator, arguments(kernel: kernel, archive: path))
            command.environment = []
            output = try ChildProcess.run(command, timeLimit: timeLimit, outputLimit: Self.outputLimit)
        } catch {
            throw GuestError(
                .system, "the guest could not be started", context: [DiagnosticContext("kernel", kernel)], cause: error)
        }
        let console = String(decoding: output.output.filter { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
        let lines = console.split(separator: "\n")
        guard lines.contains(where: { $0.hasSuffix(CheckProgram.lastLine) }) else {
            let reason =
                output.wasStopped ? "did not finish within \(timeLimit / 1000) s" : "ended before its checks did"
            let errors = String(decoding: output.errors, as: UTF8.self).split(separator: "\n")
            throw GuestError(
                .unfinished, "the guest \(reason)", context: [DiagnosticContext("kernel", kernel)],
                detail: (lines.suffix(40) + errors.suffix(10)).joined(separator: "\n"))
        }
        return Run(reports: lines.compactMap { CheckReport(line: $0) }, console: console)
    }

    /// Software emulation only: /dev/kvm cannot be trusted to work inside another virtual machine.
    ///
    /// Both processors share one thread of the emulator: with a thread each, one of them now and then runs a stale
    /// translation of code that the kernel patches on the other, and the guest dies of a breakpoint that is long gone.
    private func arguments(kernel: GuestKernel, archive: String) -> [String] {
        [
            "-accel", "tcg,thread=single", "-cpu", "max", "-smp", "2", "-m", "768", "-nodefaults", "-no-reboot", "-display", "none",
            "-serial", "stdio", "-kernel", kernel.image, "-initrd", archive,
            // A panic reboots at once, which -no-reboot makes the end. Mitigations cost emulated time and check nothing.
            // SWIFT_ROOT goes to process 1 as a variable: without /proc the Swift runtime cannot find where it is itself.
            "-append",
            "console=ttyS0 quiet loglevel=1 panic=-1 mitigations=off nokaslr random.trust_cpu=on SWIFT_ROOT=/",
        ]
    }
}
