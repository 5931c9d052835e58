// SPDX-License-Identifier: Apache-2.0

import Linux
import TestSupport
import Testing

/// `skep run` on this machine's kernel, always limited to a process of the test's own.
@Suite("skep run", .enabled(if: KernelAccess.isAvailable, "needs root and bpf(2)"))
struct RunKernelTests {
    @Test("rows are a table with columns by meaning, and a summary on standard error")
    func table() throws {
        let work = try Workload()
        let answer = try Skep.run([
            "run", "opens", "--pid", work.number, "--count", "2", "--filter", "fname==/etc/hostname",
        ])
        #expect(answer.code == 0)
        #expect(answer.lines.count == 3)
        #expect(answer.lines.first?.split(separator: " ") == ["TIME", "PID", "RET", "COMM", "FNAME"])
        let row = answer.lines.last?.split(separator: " ").map(String.init) ?? []
        #expect(row.dropFirst() == [work.number, "-ENOENT(2)", "sh", "/etc/hostname"])
        #expect(answer.errors.contains("skep: running opens, 1 program attached; Ctrl-C ends it\n"))
        #expect(answer.errors.contains("skep: 2 rows"))
        #expect(!answer.output.contains("\u{1b}"))
    }

    @Test("JSON is one object a line with stable names")
    func json() throws {
        let work = try Workload()
        let filter = ["--filter", "fname==/etc/hostname"]
        for options in [["--json"], ["--format", "json"]] {
            let answer = try Skep.run(
                ["run", "opens", "--pid", work.number, "--count", "2", "--quiet"] + filter + options)
            #expect(answer.code == 0)
            #expect(answer.errors.isEmpty)
            #expect(answer.lines.count == 2)
            for line in answer.lines {
                #expect(line.wholeMatch(of: #/\{"timestamp":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z",.*\}/#) != nil)
                #expect(
                    line.hasSuffix(",\"pid\":\(work.number),\"ret\":-2,\"comm\":\"sh\",\"fname\":\"/etc/hostname\"}"))
            }
        }
    }

    @Test("CSV has a header and the chosen columns in their order")
    func csv() throws {
        let work = try Workload()
        let answer = try Skep.run(
            ["run", "opens", "--pid", work.number, "--count", "1", "--format", "csv", "--columns", "comm,pid"])
        #expect(answer.output.hasPrefix("timestamp,comm,pid\r\n"))
        #expect(answer.output.hasSuffix("Z,sh,\(work.number)\r\n"))
    }

    @Test("a filter or a column that does not fit is shown with its place")
    func unknownColumns() throws {
        let filter = try Skep.run(["run", "opens", "--filter", "pid>0 && nosuch==1"])
        #expect(filter.code == 2)
        #expect(
            filter.errors.hasPrefix(
                "skep: struct event has no column 'nosuch'\n  pid>0 && nosuch==1\n           ^\n  hint: the columns are"
            ))
        let unfinished = try Skep.run(["run", "opens", "--filter", "(pid==3"])
        #expect(unfinished.code == 2)
        #expect(unfinished.errors == "skep: a ')' is missing here\n  (pid==3\n         ^\n")
        let columns = try Skep.run(["run", "opens", "--columns", "pid,nosuch"])
        #expect(columns.code == 2)
        #expect(
            columns.errors
                == "skep: struct event has no column 'nosuch'\n  hint: the columns are pid, ret, comm, fname\n")
        let map = try Skep.run(["run", "opens", "--map", "nosuch"])
        #expect(map.code == 2)
        #expect(map.errors.hasPrefix("skep: there is no map nosuch whose entries can be shown\n  hint: it has counts"))
    }

    @Test("constants are set by flags, variables with --set, and both are shown with --state")
    func variables() throws {
        let work = try Workload()
        let set = try Skep.run(
            [
                "run", "opens", "--json", "--count", "1", "--state", "--set", "code=-13", "--", "--target-pid",
                work.number,
            ])
        #expect(set.code == 0)
        #expect(set.output.contains("\"ret\":-13,"))
        #expect(set.output.contains("\"stream\":\"state\",\"code\":-13}"))
        #expect(set.output.contains("\"stream\":\"state\",\"seen\":"))
        let none = try Skep.run(
            ["run", "opens", "--pid", work.number, "--duration", "300ms", "--quiet", "--", "--only-failed"])
        #expect(none.code == 0)
        #expect(none.output.isEmpty)
    }

    @Test("a map is a table that can be sorted and cut")
    func maps() throws {
        let work = try Workload()
        let run = ["run", "opens", "--pid", work.number, "--count", "5", "--map", "counts", "--json", "--quiet"]
        let entries = try Skep.run(run + ["--sort", "value:desc", "--top", "2"]).lines.filter { $0.contains("\"map\"") }
        #expect(entries.count == 2)
        #expect(entries.first?.hasSuffix("\"map\":\"counts\",\"key\":3,\"value\":30}") ?? false)
        #expect(entries.last?.hasSuffix("\"map\":\"counts\",\"key\":2,\"value\":20}") ?? false)
        let unknown = try Skep.run(run + ["--sort", "nosuch"])
        #expect(unknown.code == 2)
        #expect(unknown.errors.contains("nosuch"))
    }

    @Test("several streams, printed lines and a histogram show in one run")
    func mixed() throws {
        let work = try Workload()
        let run = ["run", "mixed", "--pid", work.number]
        try eventually(
            run + ["--json", "--map", "numbers"],
            [
                "\"stream\":\"opens\",\"pid\":\(work.number),\"fname\":\"/etc/hostname\"}",
                "\"stream\":\"closes\",\"pid\":\(work.number),\"descriptor\":",
                "\"stream\":\"printk\",\"message\":\"sh-\(work.number): opening in \(work.number)\"}",
                "\"histogram\":\"numbers\",\"key\":\(work.number),",
            ])
        try eventually(
            run + ["--format", "csv"],
            ["timestamp,stream,pid,fname\r\n", "timestamp,stream,message\r\n", "timestamp,stream,pid,descriptor\r\n"])
    }

    /// The kernel has one output for printed lines, so another reader on this machine may take some away.
    private func eventually(_ arguments: [String], _ parts: [String]) throws {
        var missing = parts
        for seconds in 1...4 where !missing.isEmpty {
            let answer = try Skep.run(arguments + ["--duration", "\(seconds)s"])
            #expect(answer.code == 0, "\(answer.errors)")
            missing = parts.filter { !answer.output.contains($0) }
        }
        #expect(missing.isEmpty)
    }

    @Test("maps and state are shown at intervals")
    func interval() throws {
        let work = try Workload()
        let answer = try Skep.run(
            [
                "run", "opens", "--pid", work.number, "--duration", "3s", "--interval", "200ms", "--state", "--quiet",
                "--json",
            ])
        #expect(answer.lines.filter { $0.contains("\"seen\":") }.count >= 3)
    }

    @Test("quiet leaves rows only, verbose tells every choice")
    func wordiness() throws {
        let work = try Workload()
        let run = ["run", "opens", "--pid", work.number, "--count", "1"]
        #expect(try Skep.run(run + ["--quiet"]).errors.isEmpty)
        #expect(try Skep.run(run + ["--verbose"]).errors.contains("attached to tracepoint syscalls/sys_enter_openat"))
    }

    @Test("a process that is not there is told")
    func unknownProcess() throws {
        let answer = try Skep.run(["run", "opens", "--pid", "4194305"])
        #expect(answer.code == 1)
        #expect(answer.errors == "skep: there is no process 4194305\n")
    }

    @Test("--pid means the number that the caller sees, in a pid namespace too")
    func processNamespace() throws {
        let answer = try Skep.script(
            """
            unshare --fork --pid --mount-proc sh -c '
                (while :; do : < /etc/hostname; sleep 0.02; done) & work=$!
                "$skep" run opens --pid $work --count 2 --json --quiet; code=$?
                kill $work; echo $work $code'
            """)
        #expect(answer.code == 0, "\(answer.errors)")
        #expect(answer.lines.count == 3, "\(answer.output) \(answer.errors)")
        #expect(answer.lines.first?.contains("\"comm\":\"sh\"") ?? false)
        #expect(answer.lines.last == "2 0")
    }

    @Test("a folder that holds one source is a service")
    func folder() throws {
        let work = try Workload()
        let answer = try Skep.run(["run", "single", "--pid", work.number, "--count", "1", "--quiet"])
        #expect(answer.code == 0, "\(answer.errors)")
        #expect(answer.lines.count == 2)
    }
}
