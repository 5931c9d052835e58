// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc

/// What the first process of a guest does before the checks, and at the end.
enum GuestMachinePreparation {
    /// Mounts what the checks expect, opens the console, and loads the modules that came along.
    ///
    /// A failure is printed and the checks go on: the one that misses something says so.
    static func prepare() {
        mountFileSystem("devtmpfs", at: "/dev")
        openConsole()
        mountFileSystem("proc", at: "/proc")
        mountFileSystem("sysfs", at: "/sys")
        mountFileSystem("tmpfs", at: "/tmp")
        mountFileSystem("cgroup2", at: "/sys/fs/cgroup")
        print("skep guest: Linux \(CheckProgram.runningRelease())")
        for name in moduleNames() { loadModule("/modules/\(name)") }
    }

    /// Ends the machine.
    static func powerOff() {
        fflush(nil)
        sync()
        _ = skep_power_off()
        // Process 1 must not return: the kernel would panic. QEMU is ended by its host's time limit.
        while true { sleep(1) }
    }

    private static func mountFileSystem(_ type: String, at path: String) {
        mkdir(path, 0o755)
        if mount(type, path, type, 0, nil) != 0 { complain("mount \(type) at \(path)", errno) }
    }

    /// The kernel opens no console for process 1 when the initramfs has no /dev/console.
    private static func openConsole() {
        let console = open("/dev/console", O_RDWR)
        guard console >= 0 else { return }
        for descriptor: Int32 in 0...2 where descriptor != console { dup2(console, descriptor) }
        if console > 2 { close(console) }
    }

    /// The names of the modules, one a line, in the order to load them in.
    private static func moduleNames() -> [Substring] {
        let file = open("/modules/order", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return [] }
        defer { close(file) }
        var text = [UInt8](repeating: 0, count: 4096)
        let count = read(file, &text, text.count)
        guard count > 0 else { return [] }
        return String(decoding: text.prefix(count), as: UTF8.self).split(separator: "\n").map { $0 }
    }

    private static func loadModule(_ path: String) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return complain("open \(path)", errno) }
        defer { close(file) }
        let answer = skep_load_module(file)
        if answer < 0 { complain("load \(path)", Int32(-answer)) }
    }

    private static func complain(_ action: String, _ number: Int32) {
        print("skep guest: could not \(action): \(String(cString: strerror(number)))")
    }
}
