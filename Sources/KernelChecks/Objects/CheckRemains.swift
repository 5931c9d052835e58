// SPDX-License-Identifier: Apache-2.0

import BPF
import CheckWorkload
import Guest
import Linux

/// What a process makes before it is killed, to see that nothing of it remains.
enum CheckRemains {
    /// The kernel's numbers of what the process holds, as it prints them: `link 7 program 12 … end`.
    struct Numbers {
        var objects: [(kind: BPFSystemCall.ObjectKind, id: UInt32)] = []
        var cgroup = ""

        init?(line: some StringProtocol) {
            let words = line.split(separator: " ")
            guard words.last == "end" else { return nil }
            for (name, value) in zip(words, words.dropFirst()) {
                switch name {
                case "link": objects += [(.link, UInt32(value) ?? 0)]
                case "program": objects += [(.program, UInt32(value) ?? 0)]
                case "map": objects += [(.map, UInt32(value) ?? 0)]
                case "cgroup": cgroup = String(value)
                default: break
                }
            }
        }

        /// Those that still exist.
        var remaining: [String] {
            objects.compactMap { object in
                (try? BPFSystemCall.open(object.kind, id: object.id)) == nil ? nil : "\(object.kind) \(object.id)"
            }
        }
    }

    /// Attaches programs to interfaces, a cgroup and a tracepoint, pins a map, says so, and waits a minute to be
    /// killed.
    static func hold() throws {
        let network = try CheckNetwork("skep-a", "skep-b")
        let cgroup = try CheckCgroup("held")
        let folder = try BPFFileSystem.detached()
        var attachments = Attachments()
        var words: [String] = []
        let object = try CheckObject.load("network")
        for program in object.programs {
            var options = network.options(for: "skep-b")
            options.cgroup = cgroup.path
            let link = try program.attach(options)
            words += try link.rawDescriptors.map { "link \(try BPFSystemCall.linkInformation(of: $0).id)" }
            words.append("program \(try BPFSystemCall.programInformation(of: program.rawDescriptor).id)")
            attachments.add(link)
        }
        for (number, map) in object.maps.enumerated() {
            words.append("map \(try BPFSystemCall.mapInformation(of: map.rawDescriptor).id)")
            try map.pin(at: "\(folder.path)/map\(number)")
        }
        GuestSystem.say((words + ["cgroup", cgroup.path, "end"]).joined(separator: " "))
        skep_workload_sleep(60_000)
    }
}
