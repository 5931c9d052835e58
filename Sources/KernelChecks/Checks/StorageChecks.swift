// SPDX-License-Identifier: Apache-2.0

import BPF
import CheckWorkload
import Linux

extension KernelCheck {
    /// Values that belong to other objects of the kernel, made by programs and read from here.
    static let storageChecks = [
        KernelCheck("sk_storage: a program counts the packets of each socket", subject: .map("sk_storage")) {
            let object = try CheckObject.load("storage", programs: ["count_packets"])
            let counts = try ObjectStorage<UInt64>(object.map(named: "of_sockets"))
            let network = try CheckNetwork()
            let link = try object.program(named: "count_packets").attach(network.options(for: "lo"))
            for (messages, expected) in [(12 as Int32, 12 as UInt64), (5, 5)] {
                let ends = try network.datagramSockets()
                defer { for end in ends { skep_workload_close(end) } }
                try expectSame(try counts.value(for: ends[0]), nil, "the value before anything was sent")
                try expectSame(skep_workload_send_messages(ends[0], messages), 0, "the answer of send")
                try expectSame(try counts.value(for: ends[0]), expected, "packets of the socket")
                try expectSame(try counts.value(for: ends[1]), nil, "the value of the socket that sent nothing")
                try expectSame(try counts.removeValue(for: ends[0]), true, "the removal")
                try expectSame(try counts.value(for: ends[0]), nil, "the value afterwards")
            }
            link.detach()
            return .passed
        },
        KernelCheck(
            "inode_storage: a program counts how often a file is opened", guestOnly: true,
            subject: .map("inode_storage"), options: ["CONFIG_BPF_LSM"]
        ) {
            let object = try CheckObject.load("storage", programs: ["count_openings"])
            let counts = try ObjectStorage<UInt64>(object.map(named: "of_files"))
            let file = try FileDescriptor.open("/dev/null")
            let other = try FileDescriptor.open("/dev/zero")
            try expectSame(try counts.value(for: file.rawValue), nil, "the value at first")
            let link = try object.program(named: "count_openings").attach()
            try expectSame(skep_workload_open_files(30), 0, "opening /dev/null")
            link.detach()
            try expectSame(skep_workload_open_files(5), 0, "opening /dev/null")
            try expectSame(try counts.value(for: file.rawValue), 30, "openings")
            try expectSame(try counts.value(for: other.rawValue), nil, "the value of a file that was not opened")
            try expectSame(try counts.removeValue(for: file.rawValue), true, "the removal")
            try expectSame(try counts.value(for: file.rawValue), nil, "the value afterwards")
            return .passed
        },
        KernelCheck(
            "cgrp_storage: a program counts the calls of a cgroup's processes", minimumKernel: "6.2",
            subject: .map("cgrp_storage")
        ) {
            guard let parent = try? ControlGroups.mountPoint() else { return .skipped("no cgroup v2 is mounted") }
            let object = try CheckObject.load("storage", programs: ["count_calls"])
            let counts = try ObjectStorage<UInt64>(object.map(named: "of_groups"))
            let group = try ControlGroups.open(parent + ControlGroups.path())
            let empty = try CheckCgroup()
            let other = try ControlGroups.open(empty.path)
            let link = try object.program(named: "count_calls").attach()
            skep_workload_get_parent(40)
            link.detach()
            skep_workload_get_parent(5)
            try expectSame(try counts.value(for: group.rawValue), 40, "calls of this process's cgroup")
            try expectSame(try counts.value(for: other.rawValue), nil, "the value of a cgroup without processes")
            try counts.setValue(7, for: other.rawValue)
            try expectSame(try counts.value(for: other.rawValue), 7, "the value that was set")
            try expectSame(try counts.removeValue(for: group.rawValue), true, "the removal")
            try expectSame(try counts.value(for: group.rawValue), nil, "the value afterwards")
            return .passed
        },
    ]
}
