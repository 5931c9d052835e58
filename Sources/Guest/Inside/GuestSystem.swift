// SPDX-License-Identifier: Apache-2.0

import CLinux
import Linux

/// What the first process of a guest does before its own work, and at the end.
public enum GuestSystem {
    /// Whether this process is the first of its machine.
    public static var isFirstProcess: Bool { Processes.current == 1 }

    /// Mounts what programs expect, opens the console, and loads the modules that came along.
    ///
    /// A failure is printed and the work goes on: what misses something says so.
    public static func prepare() {
        mount("devtmpfs", at: "/dev")
        openConsole()
        mount("proc", at: "/proc")
        mount("sysfs", at: "/sys")
        mount("tmpfs", at: "/tmp")
        mount("tmpfs", at: "/run")
        mount("cgroup2", at: "/sys/fs/cgroup")
        say("skep guest: Linux \(KernelVersion.release)")
        let modules = (try? Files.readText("/modules/order")) ?? ""
        for name in modules.split(separator: "\n") { loadModule("/modules/\(name)") }
    }

    /// Whether the modules of the guest's kernel came along; some packages of kernels can be had without them.
    public static var hasModules: Bool { Files.exists("/modules/order") }

    /// Ends the machine.
    public static func powerOff() -> Never {
        _ = skep_power_off()
        // Process 1 must not return: the kernel would panic. The host's time limit ends QEMU.
        while true { skep_pause() }
    }

    /// Prints a line at once, since what follows may end the machine.
    public static func say(_ line: String) {
        try? FileDescriptor.write(Array("\(line)\n".utf8), to: 1)
    }

    private static func mount(_ type: String, at path: String) {
        try? Files.makeDirectory(path)
        complain("mount \(type) at \(path)", answer: skep_mount(type, path, type, 0, nil))
    }

    /// The kernel opens no console for process 1 when the initramfs has no /dev/console.
    private static func openConsole() {
        guard let console = try? FileDescriptor.open("/dev/console", .readWrite) else { return }
        for number: Int32 in 0...2 { _ = skep_duplicate_to(console.rawValue, number) }
        // It may be one of the three itself, and must then stay open.
        if console.rawValue <= 2 { _ = console.release() }
    }

    private static func loadModule(_ path: String) {
        do {
            let file = try FileDescriptor.open(path)
            complain("load \(path)", answer: skep_load_module(file.rawValue))
        } catch {
            say("skep guest: \(error)")
        }
    }

    private static func complain(_ action: String, answer: Int) {
        guard answer < 0 else { return }
        let errno = Errno(rawValue: Int32(truncatingIfNeeded: -answer))
        say("skep guest: could not \(action): \(errno.name)")
    }
}
