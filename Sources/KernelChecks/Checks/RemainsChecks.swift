// SPDX-License-Identifier: Apache-2.0

import CheckWorkload
import Linux

extension KernelCheck {
    /// Whatever way a process ends, nothing of it stays on the machine.
    static let remainsChecks = [
        KernelCheck("of a process that is killed no program, map, link, namespace, cgroup or mount remains") {
            var command = ChildProcess.Command(try CheckProgram.path(), ["hold"])
            command.environment = ["SKEP_CHECK_OBJECTS=\(CheckObject.folder)"]
            if isIncomplete { command.environment?.append("\(incompleteVariable)=1") }
            let mounts = try MountTable.current().mounts.count
            let pipe = try Pipe()
            let child = try ChildProcess.start(command, output: pipe.write.rawValue, errors: pipe.write.rawValue)
            let output = pipe.keepingRead()
            var text = ""
            while !text.contains(" end\n") {
                let bytes = try output.read(upTo: 4096)
                if bytes.isEmpty { break }
                text += String(decoding: bytes, as: UTF8.self)
            }
            child.signal(9)
            _ = child.wait()
            guard let numbers = text.split(separator: "\n").compactMap({ CheckRemains.Numbers(line: $0) }).first else {
                throw UnmetExpectation(description: "it could not make anything: \(text)")
            }
            try expect(numbers.objects.count >= 8, "it held only \(numbers.objects.count) objects")
            // The kernel frees in the background, after a grace period.
            var remaining = numbers.remaining
            for _ in 0..<100 where !remaining.isEmpty {
                skep_workload_sleep(50)
                remaining = numbers.remaining
            }
            try expect(remaining.isEmpty, "there still are \(remaining.joined(separator: ", "))")
            try expectSame(try MountTable.current().mounts.count, mounts, "mounts")
            CheckCgroup.sweep(try ControlGroups.mountPoint())
            try expect(!Files.exists(numbers.cgroup), "\(numbers.cgroup) is still there")
            return .passed
        }
    ]
}
