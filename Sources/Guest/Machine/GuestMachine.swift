// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Linux

/// A virtual machine that boots a kernel in QEMU's software emulation with one program as its whole user space.
///
/// Nothing of it outlives this process: the kernel kills QEMU when the thread that started it ends, and the first file
/// system lies in memory.
///
/// ```swift
/// let machine = try GuestMachine()
/// let run = try machine.run(kernel, GuestImage(program: "/usr/local/bin/skep")) { line in print(line) }
/// ```
public struct GuestMachine: Sendable {
    private let emulator: String
    private let starter: String
    /// Bytes of the console; a guest that prints more is stopped.
    private static let outputLimit = 64 << 20

    /// Finds QEMU.
    ///
    /// - Throws: ``GuestError`` with the code `unavailable`, which says what is missing and how to get it.
    public init() throws(GuestError) {
        guard KernelVersion.architecture == "x86_64" else {
            throw GuestError(.unavailable, "guests are for x86-64 machines, and this is \(KernelVersion.architecture)")
        }
        guard let emulator = Programs.find("qemu-system-x86_64") else {
            throw GuestError(
                .unavailable, "qemu-system-x86_64 is not installed",
                hint: "apt-get install --no-install-recommends qemu-system-x86")
        }
        guard let starter = Programs.find("setpriv") else {
            throw GuestError(.unavailable, "setpriv is not installed", hint: "apt-get install util-linux")
        }
        self.emulator = emulator
        self.starter = starter
    }

    /// What a guest printed until it was off.
    public struct Run: Sendable {
        /// The lines of its console and what QEMU itself said.
        public let lines: [String]
        /// Whether it was stopped because its time was up or it printed too much.
        public let wasStopped: Bool

        /// The end of the console, for messages.
        public var end: String { lines.suffix(40).joined(separator: "\n") }
    }

    /// Boots a kernel and waits until it is off.
    ///
    /// Blocks its thread for as long as that takes, 5 to 20 s and the program's own time, so a caller gives it one.
    ///
    /// - Parameters:
    ///   - kernel: the kernel.
    ///   - image: what is in the guest.
    ///   - timeLimit: milliseconds after which QEMU is killed.
    ///   - onLine: gets each line of the console when it is complete.
    /// - Throws: ``GuestError`` when QEMU cannot be started.
    public func run(
        _ kernel: GuestKernel, _ image: GuestImage, timeLimit: Int32 = 180_000, onLine: (String) -> Void = { _ in }
    ) throws(GuestError) -> Run {
        do throws(LinuxError) {
            let archive = try MemoryFile("skep-initramfs", contents: try image.archive(for: kernel))
            let pipe = try Pipe()
            let input = try FileDescriptor.open("/dev/null")
            let child = try ChildProcess.start(
                command(kernel: kernel, archive: archive.path, serial: "stdio"), input: input.rawValue,
                output: pipe.write.rawValue, errors: pipe.write.rawValue)
            // Only the child may hold its end, or reading would never come to an end.
            let output = pipe.keepingRead()
            let reader = ConsoleReader(limit: Self.outputLimit)
            let isComplete = try reader.read(output.rawValue, milliseconds: timeLimit, onLine: onLine)
            if !isComplete { child.signal(9) }
            _ = child.wait()
            return Run(lines: reader.lines, wasStopped: !isComplete)
        } catch {
            throw GuestError(
                .system, "the guest could not be started", context: [DiagnosticContext("kernel", kernel)], cause: error)
        }
    }

    /// Boots a kernel with its console on this process's terminal and waits until it is off.
    public func runInteractively(_ kernel: GuestKernel, _ image: GuestImage) throws(GuestError) {
        do throws(LinuxError) {
            let archive = try MemoryFile("skep-initramfs", contents: try image.archive(for: kernel))
            let child = try ChildProcess.start(command(kernel: kernel, archive: archive.path, serial: "mon:stdio"))
            _ = child.wait()
        } catch {
            throw GuestError(
                .system, "the guest could not be started", context: [DiagnosticContext("kernel", kernel)], cause: error)
        }
    }

    /// Software emulation only: /dev/kvm cannot be trusted to work inside another virtual machine.
    ///
    /// Both processors share one thread of the emulator: with a thread each, one of them now and then runs a stale
    /// translation of code that the kernel patches on the other, and the guest dies of a breakpoint that is long gone.
    private func command(kernel: GuestKernel, archive: String, serial: String) -> ChildProcess.Command {
        ChildProcess.Command(
            starter,
            [
                "--pdeathsig", "KILL", "--", emulator,
                "-accel", "tcg,thread=single", "-cpu", "max", "-smp", "2", "-m", "1024", "-nodefaults", "-no-reboot",
                "-display", "none", "-serial", serial, "-kernel", kernel.image, "-initrd", archive,
                // A panic reboots at once, which -no-reboot makes the end. Mitigations cost emulated time and check
                // nothing. Older kernels leave BPF out of the security modules unless told. SWIFT_ROOT goes to
                // process 1 as a variable: without /proc the Swift runtime cannot find where it is itself.
                "-append",
                "console=ttyS0 quiet loglevel=1 panic=-1 mitigations=off nokaslr random.trust_cpu=on lsm=bpf SWIFT_ROOT=/",
            ])
    }
}
