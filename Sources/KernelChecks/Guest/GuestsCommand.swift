// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Guest
import Linux

/// `kernel-checks guests`: boots kernels, prints the reports of their checks as they come, and keeps them; and
/// `kernel-checks table`: makes the table of support from what was kept.
enum GuestsCommand {
    /// Does what the arguments say, and ends the process with 1 when a check failed.
    ///
    /// - Returns: whether they said anything.
    static func run(_ arguments: [String]) -> Bool {
        guard let word = arguments.first, word == "guests" || word == "table" else { return false }
        do {
            let options = try options(Array(arguments.dropFirst()))
            let isGood = word == "guests" ? try guests(options) : try table(options)
            Processes.exit(isGood ? 0 : 1)
        } catch {
            let text = (error as? any DiagnosticError)?.report ?? "\(error)"
            try? FileDescriptor.write(Array("kernel-checks: \(text)\n".utf8), to: 2)
            Processes.exit(1)
        }
    }

    /// `--name value` pairs.
    private static func options(_ arguments: [String]) throws(GuestError) -> [String: String] {
        var options: [String: String] = [:]
        var rest = arguments[...]
        while let name = rest.popFirst() {
            guard name.hasPrefix("--"), let value = rest.popFirst() else {
                throw GuestError(.usage, "'\(name)' has no value", hint: "guests --root DIR --kernel 6.1 --filter TEXT")
            }
            options[String(name.dropFirst(2))] = value
        }
        return options
    }

    private static func guests(_ options: [String: String]) throws -> Bool {
        let root = options["root"] ?? "."
        let cache = KernelCache()
        let names = options["kernel"].map { $0.split(separator: ",").map(String.init) } ?? cache.kernels.map(\.series)
        guard names.count != 1 else { return try guest(names[0], options) }
        // Every kernel has a process of its own: two guests keep two processors busy.
        let objects = root + "/.build-guests/guest-objects"
        try store(try GuestObjects.all(root: root), in: objects)
        var waiting = names[...]
        var isGood = true
        var first: ChildProcess?
        var second: ChildProcess?
        while true {
            if first == nil, let name = waiting.popFirst() { first = try start(name, objects, options) }
            if second == nil, let name = waiting.popFirst() { second = try start(name, objects, options) }
            guard first != nil || second != nil else { return isGood }
            if let child = first.take() {
                if child.hasEnded(within: 100) {
                    isGood = child.wait() == .exited(0) && isGood
                } else {
                    first = consume child
                }
            }
            if let child = second.take() {
                if child.hasEnded(within: 100) {
                    isGood = child.wait() == .exited(0) && isGood
                } else {
                    second = consume child
                }
            }
        }
    }

    private static func start(_ name: String, _ objects: String, _ options: [String: String]) throws -> ChildProcess {
        var arguments = ["--pdeathsig", "KILL", "--", try Files.linkTarget("/proc/self/exe"), "guests"]
        for (key, value) in options where key != "kernel" { arguments += ["--\(key)", value] }
        arguments += ["--kernel", name, "--objects", objects]
        return try ChildProcess.start(ChildProcess.Command("setpriv", arguments))
    }

    private static func guest(_ name: String, _ options: [String: String]) throws -> Bool {
        let root = options["root"] ?? "."
        guard let kernel = KernelCache().kernel(name) else {
            throw GuestError(.unavailable, "the kernel \(name) was not fetched", hint: "skep kernels fetch \(name)")
        }
        let program = try options["program"] ?? Files.linkTarget("/proc/self/exe")
        let objects = try options["objects"].map { try stored(in: $0) } ?? GuestObjects.all(root: root)
        let filter = options["filter"] ?? ""
        let guest = try CheckGuest(program: program, objects: objects, filter: filter)
        let start = Clock.monotonic()
        let run = try guest.run(kernel, timeLimit: 600_000) { report in
            GuestSystem.say("\(name): " + report.line.dropFirst("skep-check ".count))
        }
        if let failure = run.firstFailure {
            GuestSystem.say("\(name): BOOTED TWICE: \(failure.message)\n\(failure.detail ?? "")")
        }
        let counts = Dictionary(run.reports.map { ($0.outcome.word, 1) }) { $0 + $1 }
        let summary = ["passed", "absent", "skipped", "failed"].map { "\(counts[$0] ?? 0) \($0)" }.joined(
            separator: ", ")
        GuestSystem.say("\(name): \(kernel.release): \(summary) in \((Clock.monotonic() - start) / 1_000_000_000) s")
        if filter.isEmpty {
            try SupportResult(kernel: kernel, reports: run.reports).write(to: root + "/.build-guests/results")
        }
        return counts["failed"] == nil
    }

    private static func store(_ objects: [String: [UInt8]], in folder: String) throws {
        try Directory.removeTree(folder)
        for (path, contents) in objects {
            let parts = path.split(separator: "/").dropLast()
            try Files.makeFolders(folder + "/" + parts.joined(separator: "/"))
            try Files.write(contents, to: "\(folder)/\(path)")
        }
    }

    private static func stored(in folder: String) throws -> [String: [UInt8]] {
        var objects: [String: [UInt8]] = [:]
        for path in try Directory.files(below: folder) { objects[path] = try Files.read("\(folder)/\(path)") }
        return objects
    }

    /// Writes the table, or compares it with the one that is there.
    private static func table(_ options: [String: String]) throws -> Bool {
        let root = options["root"] ?? "."
        let path = root + "/docs/support.md"
        let results = SupportResult.all(in: options["results"] ?? root + "/.build-guests/results")
        guard !results.isEmpty else {
            throw GuestError(.unavailable, "no kernel has run its checks yet", hint: "run make test-all-kernels")
        }
        var missing: [String: String] = [:]
        for line in ((try? Files.readText(root + "/.build-guests/missing")) ?? "").split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { missing[String(parts[0])] = String(parts[1].drop { $0 == " " }) }
        }
        let table = SupportTable(results: results, missing: missing)
        guard options["mode"] == "check" else {
            try Files.write(Array(table.text.utf8), to: path)
            return true
        }
        let differences = table.differences(from: try Files.readText(path))
        for difference in differences { GuestSystem.say("docs/support.md: \(difference)") }
        return differences.isEmpty
    }
}

extension CheckOutcome {
    /// The outcome's name in a report.
    var word: String {
        switch self {
        case .passed: "passed"
        case .failed: "failed"
        case .skipped: "skipped"
        case .absent: "absent"
        }
    }
}
