// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

@testable import Linux

@Suite("Facts about the machine")
struct MachineTests {
    @Test("A release becomes a version, and nonsense does not")
    func versions() {
        #expect(KernelVersion(release: "6.1.0-18-amd64") == KernelVersion(6, 1, 0))
        #expect(KernelVersion(release: "5.10-rc3") == KernelVersion(5, 10))
        #expect(KernelVersion(release: "6.12.3+deb13") == KernelVersion(6, 12, 3))
        #expect(KernelVersion(release: "linux") == nil)
        #expect(KernelVersion(release: "99999999999999999999.1") == nil)
        #expect(KernelVersion(5, 10, 300).code == 0x050aff)
        #expect(KernelVersion(code: 0x060c03).description == "6.12.3")
        #expect(KernelVersion(5, 9) < KernelVersion(5, 10))
    }

    @Test("The running kernel has a version, and the vDSO agrees with uname on its first number")
    func current() {
        #expect(KernelVersion.current > KernelVersion(4, 0))
        #expect(
            VirtualSharedObject.versionCode.map { $0 >> 16 }
                == KernelVersion(release: KernelVersion.release).map { $0.code >> 16 })
    }

    @Test("Lists of CPUs are read, and broken ones refused")
    func processors() throws {
        #expect(ProcessorList.parse("0-3,8,10-11\n") == [0, 1, 2, 3, 8, 10, 11])
        #expect(ProcessorList.parse("3-1") == nil)
        #expect(ProcessorList.parse("0-99999999999") == nil)
        #expect(ProcessorList.parse("x") == nil)
        #expect(try ProcessorList.possibleCount() >= ProcessorList.online().count)
    }

    @Test("Mounts with spaces in their names are found")
    func mounts() throws {
        let table = MountTable(
            parsing: """
                23 27 0:22 / /sys rw,relatime - sysfs sysfs rw
                38 31 0:38 / /mnt/a\\040b rw shared:1 master:2 - cgroup2 cgroup2 rw
                broken line
                """)
        #expect(table.mounts.count == 2)
        #expect(table.mount(ofType: "cgroup2")?.path == "/mnt/a b")
    }

    @Test("Lockdown, capabilities and process fields are read")
    func status() throws {
        #expect(Lockdown(parsing: "none [integrity] confidentiality\n") == .integrity)
        #expect(Lockdown(parsing: "none") == nil)
        let own = try ProcessStatus.of()
        #expect(own.namespaceNumbers.last == Processes.current || own.namespaceNumbers.contains(Processes.current))
        #expect(try Processes.all().contains(Processes.current))
        _ = try Capabilities.effective()
    }

    @Test("Files of /proc are read although they say that they are empty, and long ones are refused")
    func files() throws {
        #expect(try !Files.read("/proc/self/status").isEmpty)
        #expect(try Files.map("/proc/self/status").count > 0)
        #expect(throws: LinuxError.self) { try Files.read("/proc/self/status", limit: 10) }
        var lines = 0
        try Files.forEachLine(of: "/proc/self/status") { line in
            lines += line.byteCount > 0 ? 1 : 0
            return lines < 5
        }
        #expect(lines == 5)
        #expect(try Directory.names(in: "/proc/self").contains("status"))
    }

    @Test("Every error number has a name and a meaning")
    func errors() {
        #expect(Errno.notPermitted.name == "EPERM")
        #expect(Errno(rawValue: 133).name == "EHWPOISON")
        #expect(Errno(rawValue: 9999).name == "errno 9999")
        #expect(Errno(rawValue: -5).meaning == "Unknown error")
    }
}
