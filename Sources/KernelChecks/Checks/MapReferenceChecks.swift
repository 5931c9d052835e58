// SPDX-License-Identifier: Apache-2.0

import BPF
import BPFObject
import CheckWorkload
import Linux

extension KernelCheck {
    /// Kinds whose values are other objects of the kernel.
    static let referenceMapChecks = [
        KernelCheck("array_of_maps: maps are found in their slots, and exchanged", subject: .map("array_of_maps")) {
            let object = try CheckObject.load("maps")
            let outer = try object.map(named: "outer")
            let link = try object.program(named: "fill").attach()
            skep_workload_get_parent(10)
            let even = try Map<UInt32, UInt64>(object.map(named: "inner_even"))
            try expectSame(try even.value(for: 0), 5, "the value of the first map")
            // A map of the same shape, made now, takes the place of another one.
            let other = try CheckMaps.make(.array, entries: 1)
            try outer.setMap(other, for: CheckMaps.bytes(0 as UInt32))
            skep_workload_get_parent(10)
            link.detach()
            try expectSame(try even.value(for: 0), 5, "the value of the map that was replaced")
            try expectSame(try CheckMaps.number(other.value(for: [0, 0, 0, 0])), 5, "the value of the new map")
            let held = try outer.map(for: CheckMaps.bytes(0 as UInt32))
            try expectSame(try held?.information().id, try other.information().id, "the map in the slot")
            return .passed
        },
        KernelCheck("hash_of_maps: maps are found by their keys, and added", subject: .map("hash_of_maps")) {
            let object = try CheckMaps.used(6)
            let first = try Map<UInt32, UInt64>(object.map(named: "first"))
            let second = try Map<UInt32, UInt64>(object.map(named: "second"))
            try expectSame(try first.value(for: 0), 4, "the last even number")
            try expectSame(try second.value(for: 1), 5, "the last odd number")
            let outer = try object.map(named: "by_parity")
            let other = try CheckMaps.make(.hash, entries: 4)
            try outer.setMap(other, for: CheckMaps.bytes(7 as UInt32))
            try expectSame(try outer.keys().count, 3, "maps")
            try expectSame(try outer.removeValue(for: CheckMaps.bytes(7 as UInt32)), true, "the removal")
            try expectSame(try outer.map(for: CheckMaps.bytes(7 as UInt32)) == nil, true, "the map afterwards")
            return .passed
        },
        KernelCheck("prog_array: tail calls find the program of the definition", subject: .map("prog_array")) {
            let object = try CheckMaps.used(9)
            try expectSame(try object.number("tail_calls"), 9, "tail calls")
            try expectSame(try object.number("missed_calls"), 0, "calls that found nothing")
            let calls = try object.map(named: "calls")
            try expectSame(try calls.removeValue(for: CheckMaps.bytes(2 as UInt32)), true, "the removal")
            let link = try object.program(named: "use_maps").attach()
            skep_workload_get_parent(4)
            link.detach()
            try expectSame(try object.number("missed_calls"), 4, "calls after the removal")
            return .passed
        },
        KernelCheck("cgroup_array: a program tells whose cgroup a process is in", subject: .map("cgroup_array")) {
            guard (try? ControlGroups.mountPoint()) != nil else { return .skipped("no cgroup v2 is mounted") }
            let object = try CheckMaps.used(5)
            try expectSame(try object.number("under_group"), 5, "calls from below the cgroup")
            return .passed
        },
        KernelCheck("sockmap: a socket is found by its index", subject: .map("sockmap")) {
            try holdsSocket("by_index", index: 2)
        },
        KernelCheck("sockhash: a socket is found by its key", subject: .map("sockhash")) {
            try holdsSocket("by_key", index: 4000)
        },
        KernelCheck("reuseport_sockarray: a socket is found by its index", subject: .map("reuseport_sockarray")) {
            let object = try CheckObject.load("sockets")
            let map = try object.map(named: "group")
            let socket = try CheckMaps.descriptor(skep_workload_shared_udp(), "a UDP socket")
            let key = CheckMaps.bytes(3 as UInt32)
            try map.setDescriptor(socket.rawValue, for: key)
            try expectSame(
                try CheckMaps.number(map.value(for: key)), skep_workload_cookie(socket.rawValue), "the cookie")
            return .passed
        },
    ]

    /// Kinds whose values belong to other objects of the kernel.
    static let storageMapChecks = [
        KernelCheck("sk_storage: a socket has a value until it is removed", subject: .map("sk_storage")) {
            let socket = try CheckMaps.descriptor(skep_workload_shared_udp(), "a UDP socket")
            return try stores(.socketStorage, socket)
        },
        KernelCheck(
            "inode_storage: a file has a value until it is removed", subject: .map("inode_storage"),
            options: ["CONFIG_BPF_LSM"]
        ) {
            do {
                return try stores(.inodeStorage, try FileDescriptor.open("/proc/self/exe"))
            } catch let error as BPFError where error.code == .notSupported {
                // Whether the security module is switched on is told by the kernel's command line.
                let modules = (try? Files.readText("/sys/kernel/security/lsm")) ?? ""
                return modules.contains("bpf") ? .failed(error.report) : .absent(error.message)
            }
        },
        KernelCheck(
            "task_storage: a program counts calls for each task", minimumKernel: "5.11", subject: .map("task_storage")
        ) {
            let object = try CheckObject.load("taskstorage")
            let counts = try ObjectStorage<UInt64>(object.map(named: "counts"))
            let link = try object.program(named: "count").attach()
            skep_workload_get_parent(12)
            link.detach()
            let process = try CheckMaps.descriptor(skep_workload_process(Processes.current), "pidfd_open")
            if Processes.current == Processes.currentThread {
                try expectSame(try counts.value(for: process.rawValue), 12, "calls")
            }
            try counts.setValue(99, for: process.rawValue)
            try expectSame(try counts.value(for: process.rawValue), 99, "the value that was set")
            try expectSame(try counts.removeValue(for: process.rawValue), true, "the removal")
            try expectSame(try counts.value(for: process.rawValue), nil, "the value afterwards")
            do throws(BPFError) {
                _ = try counts.untyped.entries()
                return .failed("the entries of storage were listed")
            } catch {
                try expectSame(error.code, .invalidArgument, "the error of listing storage")
            }
            return .passed
        },
        KernelCheck(
            "cgrp_storage: a cgroup has a value until it is removed", minimumKernel: "6.2",
            subject: .map("cgrp_storage")
        ) {
            let parent: String
            do throws(LinuxError) {
                parent = try ControlGroups.mountPoint()
            } catch {
                return .skipped("no cgroup v2 is mounted: \(error)")
            }
            let path = "\(parent)/skep-storage-\(Processes.current)"
            try Files.makeDirectory(path, mode: 0o755)
            defer { try? Directory.remove(path) }
            return try stores(.cgroupStorage, try ControlGroups.open(path))
        },
        KernelCheck(
            "cgroup_storage: an attachment has a value that all CPUs share", subject: .map("cgroup_storage"),
            options: ["CONFIG_CGROUP_BPF"]
        ) {
            try countsDatagrams("shared")
        },
        KernelCheck(
            "percpu_cgroup_storage: an attachment has a value for each CPU", subject: .map("percpu_cgroup_storage"),
            options: ["CONFIG_CGROUP_BPF"]
        ) {
            try countsDatagrams("per_cpu")
        },
    ]

    /// Kinds that are newer than most kernels.
    static let newerMapChecks = [
        KernelCheck("rhash: a resizable hash answers what was put in", minimumKernel: "7.2", subject: .map("rhash")) {
            let map = try Map<UInt32, UInt64>(CheckMaps.make(.resizableHash, entries: 1000))
            for key in 0..<1000 as Range<UInt32> { try map.setValue(UInt64(key) * 7, for: key) }
            let entries = try map.entries()
            try expectSame(entries.count, 1000, "entries")
            try expect(entries.allSatisfy { UInt64($0.key) * 7 == $0.value }, "a value belongs to another key")
            try expectSame(try map.removeValue(for: 500), true, "the removal")
            try expectSame(try map.value(for: 500), nil, "the value afterwards")
            return .passed
        }
    ]

    /// Puts a TCP socket into a map and reads its cookie back.
    private static func holdsSocket(_ name: String, index: UInt32) throws -> CheckOutcome {
        let object = try CheckObject.load("sockets")
        let map = try object.map(named: name)
        // The loopback interface of a namespace of its own is switched on for certain.
        let network = try CheckNetwork("skep-a", "skep-b")
        let (first, second) = try network.connectedSockets()
        let one = FileDescriptor(owning: first)
        let other = FileDescriptor(owning: second)
        defer { _ = (one.rawValue, other.rawValue) }
        let key = CheckMaps.bytes(index)
        try map.setDescriptor(first, for: key)
        try expectSame(try CheckMaps.number(map.value(for: key)), skep_workload_cookie(first), "the cookie")
        try expectSame(try map.removeValue(for: key), true, "the removal")
        try expectSame(try map.value(for: key), nil, "the socket afterwards")
        return .passed
    }

    /// Gives an object a value, reads it, and takes it away.
    private static func stores(_ kind: MapKind, _ object: consuming FileDescriptor) throws -> CheckOutcome {
        let storage = try ObjectStorage<UInt64>(CheckMaps.make(kind, entries: 0))
        try expectSame(try storage.value(for: object.rawValue), nil, "the value at first")
        try storage.setValue(42, for: object.rawValue)
        try expectSame(try storage.value(for: object.rawValue), 42, "the value")
        try expectSame(try storage.removeValue(for: object.rawValue), true, "the removal")
        try expectSame(try storage.value(for: object.rawValue), nil, "the value afterwards")
        return .passed
    }

    /// Attaches a program to a cgroup, lets a process there send, and reads the attachment's storage.
    private static func countsDatagrams(_ name: String) throws -> CheckOutcome {
        let parent: String
        do throws(LinuxError) {
            parent = try ControlGroups.mountPoint()
        } catch {
            return .skipped("no cgroup v2 is mounted: \(error)")
        }
        let path = "\(parent)/skep-storage-\(name)-\(Processes.current)"
        try Files.makeDirectory(path, mode: 0o755)
        defer { try? Directory.remove(path) }
        let object = try CheckObject.load("cgroupstorage")
        var options = AttachOptions()
        options.cgroup = path
        let link = try object.program(named: "egress").attach(options)
        let network = try CheckNetwork("skep-a", "skep-b")
        try network.sendDatagrams(7, cgroup: path)
        let entries = try object.map(named: name).entries()
        link.detach()
        try expectSame(entries.count, 1, "entries")
        let sum = try entries.flatMap(\.values).reduce(0) { try $0 + CheckMaps.number($1) }
        try expectSame(sum, 7, "datagrams")
        try expectSame(try CheckMaps.number(entries[0].key), try ControlGroups.id(of: path), "the cgroup in the key")
        return .passed
    }
}
