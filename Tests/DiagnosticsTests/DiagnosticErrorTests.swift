// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Testing

@Suite("Errors")
struct DiagnosticErrorTests {
    private struct Sample: DiagnosticError {
        var message: String
        var context: [DiagnosticContext] = []
        var hint: String?
        var detail: String?
        var cause: (any Error)?
    }

    private struct Foreign: Error, CustomStringConvertible {
        var description: String { "the disk is full" }
    }

    @Test("the chain is one line: message, facts, causes")
    func chain() {
        let inner = Sample(message: "no such map", context: [.init("map", "events")], cause: Foreign())
        let outer = Sample(message: "cannot load", context: [.init("object", "a.o"), .init("line", 3)], cause: inner)
        #expect(outer.chain == "cannot load (object a.o, line 3): no such map (map events): the disk is full")
        #expect("\(outer)" == outer.chain)
    }

    @Test("the report has one sentence, then facts, details and hints, each once")
    func report() {
        let inner = Sample(
            message: "no such map", context: [.init("map", "events"), .init("object", "a.o")], hint: "look again",
            detail: "one\ntwo\n\n")
        let outer = Sample(message: "cannot load", context: [.init("object", "a.o")], hint: "look again", cause: inner)
        #expect(
            outer.report == """
                cannot load: no such map
                  at object a.o, map events
                  one
                  two
                  hint: look again
                """)
    }

    @Test("long and foreign causes have lines of their own")
    func longCauses() {
        let long = String(repeating: "x", count: 100)
        let error = Sample(message: "cannot load", cause: Sample(message: long, cause: Foreign()))
        #expect(error.report == "cannot load\n  because \(long)\n  because the disk is full")
    }

    @Test("a chain without end is cut")
    func deepChain() {
        var error = Sample(message: "0")
        for number in 1...100 {
            error = Sample(message: String(repeating: "m", count: 101) + "\(number)", cause: error)
        }
        #expect(error.report.split(separator: "\n").count < 20)
    }

    @Test("exit codes are those of the documentation")
    func exitCodes() {
        #expect([FailureKind.failed, .usage, .notPermitted, .notSupported].map(\.exitCode) == [1, 2, 3, 4])
        #expect(Sample(message: "").failure == .failed)
    }
}
