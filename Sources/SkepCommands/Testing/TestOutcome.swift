// SPDX-License-Identifier: Apache-2.0

import Guest

/// How a service did on one kernel.
struct TestOutcome {
    /// What is said of the service on a kernel.
    enum Verdict: String {
        /// It ran, and all expectations were met.
        case passed
        /// The kernel lacks something that the service needs, and says what.
        case unsupported
        /// It ran into an error, or an expectation was not met.
        case failed
        /// The guest ended or hung before the test did.
        case died
        /// The kernel cannot be had.
        case skipped
    }

    var kernel: String
    var release: String?
    var loads = false
    var attaches = false
    var events: UInt64 = 0
    var verdict = Verdict.passed
    var reason: String?

    /// A kernel that cannot be had.
    init(skipped kernel: String, reason: String) {
        self.kernel = kernel
        self.reason = reason
        verdict = .skipped
    }

    /// Judges what a guest said.
    init(_ kernel: GuestKernel, _ run: GuestMachine.Run, expectations: [TestExpectation], timeLimit: Int32) {
        self.kernel = kernel.series
        release = kernel.release
        var rows: [String] = []
        var matches: [UInt64] = []
        var error: String?
        var code: Int32?
        var scriptCode: Int32 = 0
        var isDone = false
        for case let line? in run.lines.map({ TestLine($0) }) {
            switch line {
            case .loaded: loads = true
            case .attached: attaches = true
            case .row(let row): rows.append(row)
            case .matches(let counts): matches = counts
            case .error(let text): error = text
            case .ended(let number): code = number
            case .scriptEnded(let number): scriptCode = number
            case .done: isDone = true
            case .log, .script: break
            }
        }
        events = UInt64(rows.count)
        guard isDone, let code else {
            verdict = .died
            reason = error ?? (run.wasStopped ? "it did not end within \(timeLimit / 1000) s" : "the guest ended early")
            return
        }
        if code != 0 {
            verdict = code == 4 ? .unsupported : .failed
            reason = error ?? "the service ended with exit code \(code)"
            return
        }
        var complaints: [String] = []
        if scriptCode != 0 { complaints.append("the script ended with exit code \(scriptCode)") }
        var index = 0
        for expectation in expectations {
            let count = expectation.condition != nil && index < matches.count ? matches[index] : 0
            if expectation.condition != nil { index += 1 }
            if let complaint = expectation.complaint(matches: count, rows: rows) { complaints.append(complaint) }
        }
        if !complaints.isEmpty {
            verdict = .failed
            reason = complaints.joined(separator: "; ")
        }
    }

    /// The outcome as docs/json.md specifies it.
    var json: JSONText {
        .object([
            ("kernel", .text(kernel)), ("release", release.map { .text($0) } ?? .null), ("loads", .boolean(loads)),
            ("attaches", .boolean(attaches)), ("events", .number(Int64(clamping: events))),
            ("verdict", .text(verdict.rawValue)), ("reason", reason.map { .text($0) } ?? .null),
        ])
    }

    /// The head of the table of outcomes.
    static let head = line("KERNEL", "LOADS", "ATTACHES", "EVENTS", "VERDICT", "REASON")

    /// The outcome as a line of the table.
    var line: String {
        let ran = verdict != .skipped
        return Self.line(
            kernel, ran ? (loads ? "yes" : "no") : "-", ran ? (attaches ? "yes" : "no") : "-", ran ? "\(events)" : "-",
            verdict.rawValue, reason ?? "")
    }

    private static func line(_ cells: String...) -> String {
        let widths = [8, 7, 10, 8, 13]
        var line = ""
        for (index, cell) in cells.enumerated() {
            line += cell
            if index < widths.count { line += String(repeating: " ", count: max(1, widths[index] - cell.count)) }
        }
        while line.hasSuffix(" ") { line.removeLast() }
        return line + "\n"
    }
}
