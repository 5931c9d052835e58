// SPDX-License-Identifier: Apache-2.0

import Linux
import TestSupport
import Testing

/// Iterators over maps of the tests' own, and over one process that a test starts.
@Suite("skep run with iterators", .enabled(if: KernelAccess.isAvailable, "needs root and bpf(2)"))
struct IteratorRunKernelTests {
    private func run(_ arguments: String...) throws -> Skep.Answer {
        try Skep.run(["run", "iterators.bpf.c"] + arguments)
    }

    @Test("what an iterator writes goes out as it is, once, and nothing else is said")
    func once() throws {
        let answer = try run("--program", "elements", "--iterate", "numbers")
        #expect(answer.code == 0, "\(answer.errors)")
        #expect(answer.output == "0 = 0\n1 = 0\n2 = 0\n")
        #expect(answer.errors.isEmpty, "\(answer.errors)")
    }

    @Test("several run in their order, each below a heading")
    func several() throws {
        let answer = try run("--program", "elements", "--program", "again", "--iterate", "numbers")
        #expect(
            answer.output
                == "elements (iter/bpf_map_elem)\n0 = 0\n1 = 0\n2 = 0\n\nagain (iter/bpf_map_elem)\n0\n1\n2\n",
            "\(answer.output)")
    }

    @Test("in JSON each line is a message of the iterator's stream, and records are hex digits")
    func json() throws {
        let text = try run("--program", "elements", "--iterate", "numbers", "--json")
        #expect(text.lines.count == 3)
        for (line, number) in zip(text.lines, 0...) {
            #expect(
                line.wholeMatch(of: #/\{"timestamp":"[^"]*Z","stream":"elements","message":"\d = 0"\}/#) != nil
                    && line.contains("\"\(number) = 0\""), "\(line)")
        }
        let bytes = try run("--program", "records", "--iterate", "numbers", "--json")
        #expect(bytes.output.hasSuffix("\"stream\":\"records\",\"bytes\":\"000000000100000002000000\"}\n"))
        let raw = try Skep.script("\"$skep\" run iterators.bpf.c --program records --iterate numbers | od -An -tx1")
        #expect(raw.output.split(whereSeparator: \.isWhitespace).joined() == "000000000100000002000000")
    }

    @Test("one process's threads are shown on request", .enabled(if: KernelVersion.current >= "6.1"))
    func process() throws {
        let work = try Workload()
        for option in ["--pid", "--tid"] {
            let answer = try run("--program", "tasks", option, work.number)
            #expect(answer.output == "\(work.number) sh\n", "\(answer.output) \(answer.errors)")
        }
    }

    @Test("lines are counted, repeated at intervals, and a reader may leave")
    func ends() throws {
        #expect(try run("--program", "elements", "--iterate", "numbers", "--count", "2").output == "0 = 0\n1 = 0\n")
        let repeated = try run(
            "--program", "elements", "--iterate", "numbers", "--interval", "100ms", "--duration", "1s")
        #expect(repeated.code == 0)
        #expect(repeated.lines.count >= 6 && repeated.lines.count % 3 == 0, "\(repeated.lines.count)")
        let head = try Skep.script(
            "\"$skep\" run iterators.bpf.c --program elements --iterate numbers | head -n 1")
        #expect(head.output == "0 = 0\n")
    }

    @Test("what is missing or wrong is said with what to give")
    func missing() throws {
        let ambiguous = try run("--program", "elements")
        #expect(ambiguous.code == 2)
        #expect(
            ambiguous.errors.contains(
                "skep: the iterator elements goes over a map, and does not say which\n  hint: give --iterate MAP: numbers, many, or"
            ), "\(ambiguous.errors)")
        let unknown = try run("--program", "elements", "--iterate", "nosuchmap")
        #expect(unknown.code == 1)
        #expect(unknown.errors.hasPrefix("skep: there is no map of the name nosuchmap\n  hint: the service has"))
        let program = try run("--program", "nosuch")
        #expect(program.code == 2)
        #expect(program.errors.hasPrefix("skep: iterators has no program nosuch\n  hint: it has elements, again,"))
    }
}
