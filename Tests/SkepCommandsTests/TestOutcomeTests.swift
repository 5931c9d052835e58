// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SkepCommands

/// What a guest says is judged the same way every time.
@Suite struct TestOutcomeTests {
    private func outcome(_ lines: [TestLine], _ expectations: String..., stopped: Bool = false) -> TestOutcome {
        TestOutcome(
            kernel: "6.1", release: "6.1.0", lines: ["[ 0.1] noise"] + lines.map(\.text), wasStopped: stopped,
            expectations: expectations.map { TestExpectation($0) }, seconds: 180)
    }

    @Test("a service that ran and met what was expected passes")
    func passes() {
        let lines: [TestLine] = [.loaded, .attached, .row("{\"a\":1}"), .row("{}"), .matches([2]), .ended(0), .done]
        let outcome = outcome(lines, "a==1")
        #expect(outcome.verdict == .passed)
        #expect(outcome.events == 2)
        #expect(
            outcome.json.encoded.contains(
                "\"loads\":true,\"attaches\":true,\"events\":2,\"verdict\":\"passed\",\"reason\":null"))
    }

    @Test("what the kernel lacks is no failure of the service")
    func unsupported() {
        let outcome = outcome([.loaded, .error("tcx links need Linux 6.6, this is 6.1.2"), .ended(4), .done])
        #expect(outcome.verdict == .unsupported)
        #expect(outcome.loads && !outcome.attaches)
        #expect(outcome.reason == "tcx links need Linux 6.6, this is 6.1.2")
    }

    @Test("all complaints are told")
    func failures() {
        let lines: [TestLine] = [.loaded, .attached, .scriptEnded(2), .matches([0, 5]), .ended(0), .done]
        let outcome = outcome(lines, "a==1", "text: hello", "none: b==1")
        #expect(outcome.verdict == .failed)
        #expect(
            outcome.reason
                == "the script ended with exit code 2; no row met 'a==1'; no line of output holds 'hello'; "
                + "5 rows instead of 0 met 'b==1'")
    }

    @Test("a guest that ends early has died")
    func dies() {
        #expect(outcome([.loaded]).verdict == .died)
        #expect(outcome([.loaded], stopped: true).reason == "it did not end within 180 s")
    }

    @Test(
        "lines survive the console",
        arguments: [
            TestLine.loaded, .attached, .row("{\"a\":\"b c\"}"), .log("skep: x"), .script(""), .matches([]),
            .matches([1, 2]),
            .error("no"), .ended(4), .scriptEnded(0), .done,
        ])
    func lines(line: TestLine) {
        #expect(TestLine("[    5.1] noise " + line.text) == line)
    }

    @Test("plans survive the way into the guest")
    func plans() {
        var plan = TestPlan()
        plan.service = "opens"
        plan.flags = ["--min-us", "10"]
        plan.conditions = ["comm==a b", "ret<0"]
        plan.options = ["--iface=lo", "--set=name=a b", "--egress"]
        #expect(TestPlan(text: plan.text) == plan)
    }
}
