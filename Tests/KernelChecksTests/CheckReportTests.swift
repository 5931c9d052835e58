// SPDX-License-Identifier: Apache-2.0

import KernelChecks
import Testing

/// Reports survive the way over a serial console.
@Suite struct CheckReportTests {
    @Test(
        "a report is read back from its line",
        arguments: [
            CheckOutcome.passed, .failed("it :: says\nno"), .skipped("needs Linux 6.9, this is 6.1"), .absent("no"),
        ])
    func roundTrip(outcome: CheckOutcome) throws {
        let report = CheckReport(name: "a map keeps: what it gets", outcome: outcome, milliseconds: 12)
        let read = try #require(CheckReport(line: report.line))
        #expect(read.name == report.name)
        #expect(read.milliseconds == 12)
        #expect(!report.line.contains("\n"))
        if case .failed(let reason) = read.outcome { #expect(reason == "it :: says no") }
    }

    @Test("text of the kernel before a report does not hide it")
    func kernelText() {
        let line = "[    4.2] random: crng init done" + CheckReport(name: "x", outcome: .passed, milliseconds: 1).line
        #expect(CheckReport(line: line)?.outcome == .passed)
    }

    @Test("other lines are no reports", arguments: ["", "skep-check", "skep-check passed", "skep-check well 1 ms: x"])
    func otherLines(line: String) {
        #expect(CheckReport(line: line) == nil)
    }

    @Test("the names of the checks are unique and fit a line")
    func names() {
        let names = KernelCheck.all.map(\.name)
        #expect(Set(names).count == names.count)
        for name in names { #expect(!name.contains { $0.isNewline } && !name.contains(" :: ")) }
    }
}
