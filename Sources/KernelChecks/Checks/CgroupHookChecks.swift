// SPDX-License-Identifier: Apache-2.0

import BPF
import CheckWorkload
import Linux

extension KernelCheck {
    /// Every hook of a cgroup sees exactly what a child in a cgroup of the check's own does.
    static let cgroupHookChecks = [
        cgroup("cgroup/sock_create", "sock_create", 7),
        cgroup("cgroup/sock", "sock", 7),
        cgroup("cgroup/sock_release", "sock_release", 7, since: "5.9"),
        cgroup("cgroup/post_bind4", "post_bind4", 1),
        cgroup("cgroup/post_bind6", "post_bind6", 1),
        cgroup("cgroup/bind4", "bind4", 1),
        cgroup("cgroup/bind6", "bind6", 1),
        cgroup("cgroup/connect4", "connect4", 2),
        cgroup("cgroup/connect6", "connect6", 1),
        cgroup("cgroup/connect_unix", "connect_unix", 1, since: "6.7"),
        cgroup("cgroup/sendmsg4", "sendmsg4", 1),
        cgroup("cgroup/sendmsg6", "sendmsg6", 1),
        cgroup("cgroup/sendmsg_unix", "sendmsg_unix", 1, since: "6.7"),
        cgroup("cgroup/recvmsg4", "recvmsg4", 1),
        cgroup("cgroup/recvmsg6", "recvmsg6", 1),
        cgroup("cgroup/recvmsg_unix", "recvmsg_unix", 1, since: "6.7"),
        cgroup("cgroup/getpeername4", "getpeername4", 1),
        cgroup("cgroup/getpeername6", "getpeername6", 1),
        cgroup("cgroup/getpeername_unix", "getpeername_unix", 1, since: "6.7"),
        cgroup("cgroup/getsockname4", "getsockname4", 1),
        cgroup("cgroup/getsockname6", "getsockname6", 1),
        cgroup("cgroup/getsockname_unix", "getsockname_unix", 1, since: "6.7"),
        cgroup("cgroup/sysctl", "sysctl", 1, options: ["CONFIG_SYSCTL"]),
        cgroup("cgroup/getsockopt", "getsockopt", 3),
        cgroup("cgroup/setsockopt", "setsockopt", 3),
        cgroup("cgroup/dev", "dev", 1),
        cgroup("cgroup_skb/ingress", "ingress", 1),
        cgroup("sockops", "operations", 1),
        cgroup("lsm_cgroup", "security_bind", 4, since: "6.0", options: ["CONFIG_BPF_LSM"]),
        KernelCheck(
            "a cgroup's programs are attached, updated and taken away without links too",
            subject: .feature("cgroup programs without links")
        ) {
            let cgroup = try CheckCgroup()
            let network = try CheckNetwork()
            let first = try CheckObject.load("cgroup", programs: ["bind4"])
            let second = try CheckObject.load("cgroup", programs: ["bind4"])
            for sharing in [AttachOptions.CgroupSharing.multiple, .overridable, .exclusive] {
                var options = cgroup.options
                options.mechanism = .classic
                options.cgroupSharing = sharing
                let start = (try first.number("hits"), try second.number("hits"))
                let link = try first.program(named: "bind4").attach(options)
                let list = try AttachedPrograms.onCgroup(cgroup.path, "cgroup/bind4")
                try expectSame(
                    list.entries.map(\.programID), [try first.program(named: "bind4").id], "programs of the cgroup")
                try use(cgroup.entrance, network, 2)
                try link.update(to: second.program(named: "bind4"), replacing: first.program(named: "bind4"))
                try use(cgroup.entrance, network, 3)
                link.detach()
                try use(cgroup.entrance, network, 1)
                try expectSame(try first.number("hits") - start.0, 2, "hits of the first program, \(sharing)")
                try expectSame(try second.number("hits") - start.1, 3, "hits of the second program, \(sharing)")
                let after = try AttachedPrograms.onCgroup(cgroup.path, "cgroup/bind4")
                try expectSame(after.entries.count, 0, "programs left, \(sharing)")
            }
            return .passed
        },
        KernelCheck(
            "a cgroup's programs run in the order that was asked for", minimumKernel: "6.17",
            subject: .feature("order of cgroup programs")
        ) {
            let cgroup = try CheckCgroup()
            let object = try CheckObject.load("cgroup", programs: ["bind4"])
            let others = try (
                CheckObject.load("cgroup", programs: ["bind4"]), CheckObject.load("cgroup", programs: ["bind4"])
            )
            var options = cgroup.options
            let program = try object.program(named: "bind4")
            let first = try others.0.program(named: "bind4")
            let between = try others.1.program(named: "bind4")
            let link = try program.attach(options)
            options.order = AttachOrder(.first)
            let firstLink = try first.attach(options)
            let revision = try AttachedPrograms.onCgroup(cgroup.path, "cgroup/bind4").revision
            options.order = AttachOrder(.after(.link(id: try firstLink.information.id)), revision: revision)
            let betweenLink = try between.attach(options)
            let list = try AttachedPrograms.onCgroup(cgroup.path, "cgroup/bind4")
            try expectSame(list.entries.map(\.programID), [try first.id, try between.id, try program.id], "the order")
            do throws(BPFError) {
                _ = try program.attach(options)
                return .failed("an old revision was taken")
            } catch {
                try expectSame(error.code, .invalidArgument, "the error of an old revision")
            }
            for link in [link.rawDescriptors, firstLink.rawDescriptors, betweenLink.rawDescriptors] {
                try expectSame(link.count, 1, "links")
            }
            return .passed
        },
    ]

    /// One hook that is seen `times` times each time that the child does its work.
    private static func cgroup(
        _ section: String, _ program: String, _ times: UInt64, since: KernelVersion = "5.10", options: [String] = []
    ) -> KernelCheck {
        KernelCheck(
            "\(section) sees exactly what a process of its cgroup does", minimumKernel: since, subject: .hook(section),
            options: ["CONFIG_CGROUP_BPF"] + options
        ) {
            let object = try CheckObject.load("cgroup", programs: [program])
            let cgroup = try CheckCgroup()
            let network = try CheckNetwork()
            try use(cgroup.entrance, network, 1)
            let link = try object.program(named: program).attach(cgroup.options)
            try use(cgroup.entrance, network, 5)
            try expectSame(try object.number("hits"), times * 5, "hits")
            guard case .cgroup(let id, _) = try link.information.target else { return .failed("it is no cgroup link") }
            try expectSame(id, try ControlGroups.id(of: cgroup.path), "the cgroup of the link")
            link.detach()
            try use(cgroup.entrance, network, 1)
            try expectSame(try object.number("hits"), times * 5, "hits after the program was detached")
            return .passed
        }
    }

    private static func use(_ entrance: String, _ network: borrowing CheckNetwork, _ count: Int32) throws(LinuxError) {
        try network.run("the work of the child") { skep_workload_use_cgroup(entrance, count) }
    }
}
