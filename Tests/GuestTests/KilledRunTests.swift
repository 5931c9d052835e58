// SPDX-License-Identifier: Apache-2.0

import Foundation
import Guest
import Linux
import Testing

/// Who kills a test half-way finds nothing of it left.
@Suite struct KilledRunTests {
    @Test("QEMU ends with the process that started it, and leaves no file")
    func killed() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        let program = root + "/.build-guests/kernel-checks"
        guard Files.exists(program), let kernel = KernelCache().kernels.first, (try? GuestMachine()) != nil else {
            try Test.cancel("needs QEMU, a kernel and .build-guests/kernel-checks")
        }
        // The folders of this test alone, so that what others leave is not taken for ours.
        let temporary = try TemporaryFolder(prefix: "skep-killed")
        defer { try? Directory.removeTree(temporary.path) }
        let objects = temporary.path + "/objects"
        let scratch = temporary.path + "/scratch"
        for folder in [objects, scratch] { try Files.makeFolders(folder) }
        let mounts = try Files.readText("/proc/self/mounts")
        var command = ChildProcess.Command(
            program,
            ["guests", "--root", root, "--kernel", kernel.series, "--objects", objects, "--filter", "no such check"])
        command.environment =
            ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }.filter {
                !$0.hasPrefix("TMPDIR=")
            } + ["TMPDIR=\(scratch)"]
        let silence = try FileDescriptor.open("/dev/null", .write)
        let child = try ChildProcess.start(command, output: silence.rawValue)
        let emulator = try #require(try Self.waitForEmulator(of: child.number))
        child.signal(9)
        _ = child.wait()
        var isGone = false
        for _ in 0..<100 where !isGone {
            isGone = !Self.isEmulator(emulator)
            usleep(50_000)
        }
        #expect(isGone, "QEMU still runs as process \(emulator)")
        #expect(try Directory.names(in: scratch).isEmpty)
        #expect(try Files.readText("/proc/self/mounts") == mounts)
    }

    /// The QEMU that reads its first file system from a process's descriptor.
    private static func waitForEmulator(of process: Int32) throws -> Int32? {
        for _ in 0..<400 {
            for number in try Processes.all() where Self.isEmulator(number) {
                let words = (try? Processes.commandLine(of: number)) ?? []
                if words.contains(where: { $0.hasPrefix("/proc/\(process)/fd/") }) { return number }
            }
            usleep(50_000)
        }
        return nil
    }

    private static func isEmulator(_ number: Int32) -> Bool {
        ((try? Processes.executable(of: number)) ?? "").contains("qemu-system")
    }
}
