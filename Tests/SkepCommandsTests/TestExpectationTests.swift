// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SkepCommands

/// What `skep test` expects, as people write it.
@Suite struct TestExpectationTests {
    @Test("a condition alone wants one row")
    func condition() {
        let expectation = TestExpectation("comm==cat && ret<0")
        #expect(expectation.condition == "comm==cat && ret<0")
        #expect(expectation.complaint(matches: 1, rows: []) == nil)
        #expect(expectation.complaint(matches: 0, rows: []) == "no row met 'comm==cat && ret<0'")
    }

    @Test("a number before it wants so many rows, none no row")
    func counts() {
        #expect(TestExpectation("3: comm==cat").complaint(matches: 3, rows: []) == nil)
        #expect(
            TestExpectation("3: comm==cat").complaint(matches: 4, rows: []) == "4 rows instead of 3 met 'comm==cat'")
        #expect(TestExpectation("none: ret<0").complaint(matches: 0, rows: []) == nil)
        #expect(TestExpectation("none: ret<0").complaint(matches: 1, rows: []) != nil)
    }

    @Test("addresses with colons are no counts", arguments: ["saddr==::1", "saddr==fe80::1"])
    func colons(text: String) {
        #expect(TestExpectation(text).condition == text)
    }

    @Test("text is looked for in the output")
    func text() {
        let expectation = TestExpectation("text: \"map\":\"counts\"")
        #expect(expectation.condition == nil)
        #expect(expectation.complaint(matches: 0, rows: ["{\"map\":\"counts\"}"]) == nil)
        #expect(expectation.complaint(matches: 0, rows: ["{}"]) != nil)
    }

    @Test("a script's comments hold expectations")
    func comments() {
        let script = "#!/bin/sh\n# expect: comm==cat\n#expect: 2: comm==ls\n# expected: nothing\necho '# expect: no'\n"
        #expect(TestExpectation.inComments(of: script).map(\.source) == ["comm==cat", "2: comm==ls"])
    }
}
