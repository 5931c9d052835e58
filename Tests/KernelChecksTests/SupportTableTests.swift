// SPDX-License-Identifier: Apache-2.0

import KernelChecks
import Linux
import Testing

/// The table of support says what the checks said, and nothing else.
@Suite struct SupportTableTests {
    private static let checks = [
        KernelCheck("tcx counts", minimumKernel: "6.6", subject: .hook("tcx")) { .passed },
        KernelCheck("tcx is ordered", minimumKernel: "6.6", subject: .hook("tcx")) { .passed },
        KernelCheck("a hash map answers", subject: .map("hash")) { .passed },
        KernelCheck("about the library") { .passed },
    ]

    private func result(_ series: String, _ outcomes: [String: CheckOutcome]) -> SupportResult {
        SupportResult(
            series: series, release: series + ".1-amd64", version: .init(release: series + ".1") ?? "0.0",
            hasModules: true,
            reports: outcomes.sorted { $0.key < $1.key }.map {
                CheckReport(name: $0.key, outcome: $0.value, milliseconds: 1)
            })
    }

    private func table(_ results: SupportResult...) -> SupportTable {
        SupportTable(results: results, missing: ["7.0": "the mirror offers no kernel 7.0"], checks: Self.checks)
    }

    private func line(_ name: String, of table: SupportTable) -> String? {
        table.text.split(separator: "\n").first { $0.hasPrefix("| \(name) |") }.map(String.init)
    }

    @Test("all checks of a subject must pass")
    func yes() {
        let good = result("6.12", ["tcx counts": .passed, "tcx is ordered": .passed, "a hash map answers": .passed])
        #expect(line("tcx", of: table(good))?.hasPrefix("| tcx |  |  | yes |  |") == true)
        let bad = result(
            "6.12", ["tcx counts": .passed, "tcx is ordered": .failed("no"), "a hash map answers": .passed])
        #expect(line("tcx", of: table(bad))?.contains("| FAIL |") == true)
        #expect(line("hash", of: table(bad))?.contains("| yes |") == true)
    }

    @Test("an older kernel's no needs no reason, a newer one's does")
    func no() {
        let absent = CheckOutcome.absent("built without CONFIG_TCX")
        let old = result("6.1", ["tcx counts": absent, "tcx is ordered": absent])
        #expect(line("tcx", of: table(old))?.hasPrefix("| tcx |  | no |  |") == true)
        let new = table(result("6.12", ["tcx counts": absent, "tcx is ordered": absent]))
        #expect(line("tcx", of: new)?.contains("| no [1] |") == true)
        #expect(new.text.contains("1. built without CONFIG_TCX\n"))
    }

    @Test("what was carried back, and what is gone after it, have reasons")
    func carriedBack() {
        let absent = CheckOutcome.absent("needs Linux 6.6")
        let table = table(
            result("5.10", ["tcx counts": .passed, "tcx is ordered": .passed]),
            result("6.1", ["tcx counts": absent, "tcx is ordered": absent]))
        #expect(line("tcx", of: table)?.hasPrefix("| tcx | yes [1] | no [2] |") == true)
        #expect(table.text.contains("1. carried back: upstream it came with Linux 6.6\n"))
        #expect(table.text.contains("2. upstream it came with Linux 6.6\n"))
    }

    @Test("a kernel that cannot be had has its reason below the table")
    func missing() {
        let text = table(result("5.10", ["a hash map answers": .passed])).text
        #expect(text.contains("- 7.0: not run; the mirror offers no kernel 7.0"))
        #expect(text.contains("- 5.10: 5.10.1-amd64\n"))
    }

    @Test("only the columns that ran are compared")
    func differences() {
        let passed = ["tcx counts": CheckOutcome.passed, "tcx is ordered": .passed, "a hash map answers": .passed]
        let written = table(result("6.12", passed), result("7.1", passed)).text
        #expect(table(result("6.12", passed)).differences(from: written).isEmpty)
        let skipped = passed.merging(["tcx counts": .skipped("no veth")]) { $1 }
        #expect(
            table(result("6.12", skipped)).differences(from: written) == [
                "hook tcx on 6.12 is '?', the table says 'yes'"
            ])
        #expect(!table(result("6.1", passed)).differences(from: written).isEmpty)
    }

    @Test("a result survives its file")
    func results() {
        let result = result("6.12", ["tcx counts": .absent("a :: b"), "a hash map answers": .passed])
        #expect(SupportResult(text: result.text) == result)
        #expect(SupportResult(text: "nothing") == nil)
    }
}
