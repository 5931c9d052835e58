// SPDX-License-Identifier: Apache-2.0

import CheckWorkload
import Linux

extension KernelCheck {
    /// The prebuilt services of the catalogue run on this kernel and show what happens; in guests only, since they watch
    /// the whole machine.
    static let serviceChecks = CheckedService.all.map { service in
        KernelCheck("the service \(service.name) runs and shows rows", guestOnly: true) {
            let path = "\(CheckObject.folder)/services/\(service.name).o"
            guard Files.exists(path) else { return .failed("\(path) did not come along") }
            try? CheckNetwork.createPair("skep-a", "skep-b")
            for name in ["lo", "skep-a", "skep-b"] { try Interfaces.setUp(try Interfaces.index(named: name)) }
            let program = try Files.linkTarget("/proc/self/exe")
            var work = ChildProcess.Command(program, ["everything"])
            work.environment = []
            var watch = ChildProcess.Command(program, ["service", path] + service.arguments)
            watch.environment = []
            let worker = try ChildProcess.start(work)
            let output = try ChildProcess.run(watch, timeLimit: 30_000)
            worker.signal(9)
            _ = worker.wait()
            let text = String(decoding: output.output, as: UTF8.self)
            let messages = String(decoding: output.errors, as: UTF8.self)
            if service.mayBeRefused, messages.contains("no kernel function") || messages.contains("not supported") {
                return .skipped(messages)
            }
            try expect(output.isSuccess, "it ended with \(output.ending): \(messages)")
            try expect(
                !service.mustShowRows || text.contains(service.expected),
                "no row has \(service.expected): \(text) \(messages)")
            return .passed
        }
    }
}

/// A service of the catalogue and what it shows of ``skep_workload_everything``.
struct CheckedService {
    /// The name of its folder.
    let name: String
    /// Text that one of its rows holds.
    let expected: String
    /// Network interfaces to attach to.
    var arguments: [String] = []
    /// Whether a guest has what it watches: there is no disk.
    var mustShowRows = true
    /// Whether kernels may lack what it attaches to.
    var mayBeRefused = false

    static let all = [
        CheckedService(name: "opensnoop", expected: "/skep-check-missing"),
        CheckedService(name: "execsnoop", expected: "nothing"),
        CheckedService(name: "exitsnoop", expected: "init"),
        CheckedService(name: "signals", expected: "init"),
        CheckedService(name: "syscount", expected: "openat"),
        CheckedService(name: "tcpstates", expected: "127.0.0.1"),
        CheckedService(name: "runqlat", expected: "["),
        CheckedService(name: "cpu-profile", expected: "init"),
        CheckedService(name: "xdp-counter", expected: "34997", arguments: ["skep-b"]),
        CheckedService(name: "biolatency", expected: "", mustShowRows: false),
    ]
}
