// SPDX-License-Identifier: Apache-2.0

import Linux
import TestSupport
import Testing

/// Everything here is about objects that the tests load with `bpftool` and pin in a bpffs of their own.
@Suite(
    "Live programs, maps, links and types", .enabled(if: LiveFixture.isAvailable, "needs root, bpf(2) and bpftool"),
    .serialized)
struct LiveKernelTests {
    @Test("programs are listed and shown with the numbers that bpftool tells")
    func programs() throws {
        let fixture = try LiveFixture()
        let path = fixture.path("programs/packets")
        let ours = try Skep.run(["prog", "show", path, "--json"])
        #expect(ours.code == 0, "\(ours.errors)")
        let theirs = try fixture.bpftool(["-j", "prog", "show", "pinned", path])
        for (key, other) in [
            ("id", "id"), ("translated_bytes", "bytes_xlated"), ("machine_code_bytes", "bytes_jited"),
            ("memory_bytes", "bytes_memlock"), ("btf_id", "btf_id"), ("uid", "uid"),
        ] {
            #expect(field(key, ours.output) == field(other, theirs), "\(key): \(ours.output) \(theirs)")
        }
        #expect(field("tag", ours.output) == field("tag", theirs))
        #expect(ours.output.contains("\"pinned\":[\"\(path)\"]"))
        let list = try Skep.run(["prog", "list"])
        #expect(list.lines.contains { $0.contains("packets") && $0.hasSuffix(path) }, "\(list.output)")
    }

    @Test("maps are dumped in the forms of their types, changed, and found by number, name and path")
    func maps() throws {
        let fixture = try LiveFixture()
        let path = fixture.path("maps/live_pairs")
        for (arguments, code) in [
            (["map", "update", path, "7", "a=5,name=bob"], Int32(0)), (["map", "update", path, "8", "a=6"], 0),
            (["map", "update", path, "8", "a=7", "--mode", "add"], 1), (["map", "delete", path, "8"], 0),
            (["map", "delete", path, "8"], 1), (["map", "update", path, "x", "a=7"], 2),
            (["map", "update", path, "07", "00", "--hex"], 2),
        ] {
            let answer = try Skep.run(arguments)
            #expect(answer.code == code, "\(arguments): \(answer.errors)")
        }
        let dump = try Skep.run(["map", "dump", path])
        #expect(dump.output == "live_pairs\nKEY A NAME\n  7 5 bob\n", "\(dump.output)")
        let json = try Skep.run(["map", "lookup", path, "7", "--json"])
        #expect(json.output.hasSuffix("\"map\":\"live_pairs\",\"key\":7,\"value\":{\"a\":5,\"name\":\"bob\"}}\n"))
        let theirs = try fixture.bpftool(["-j", "map", "dump", "pinned", path])
        #expect(theirs.contains("\"formatted\":{\"key\":7,\"value\":{\"a\":5,\"name\":\"bob\"}}"))
        let id = field("id", try Skep.run(["map", "show", path, "--json"]).output)
        #expect(try Skep.run(["map", "dump", id]).output == dump.output)
    }

    @Test("instructions are listed with source lines, maps and functions; machine code has the size that is told")
    func dump() throws {
        let fixture = try LiveFixture()
        let path = fixture.path("programs/packets")
        let text = try Skep.run(["prog", "dump", path]).output
        for part in ["<packets>:", "; map live_pairs (", " @ live.bpf.c:", "exit"] {
            #expect(text.contains(part), "\(text)")
        }
        let raw = try Skep.script("\"$skep\" prog dump \(path) --raw | wc -c")
        let size = field("translated_bytes", try Skep.run(["prog", "show", path, "--json"]).output)
        #expect(raw.output == size + "\n")
        #expect(try Skep.run(["prog", "dump", path, "--jited"]).output.hasPrefix("packets: "))
    }

    @Test("a program is run on a packet")
    func testRun() throws {
        let fixture = try LiveFixture()
        let frame = String(repeating: "00", count: 64)
        let answer = try Skep.run(
            ["prog", "run", "--loaded", fixture.path("programs/packets"), "--data", frame, "--json"])
        #expect(
            answer.output.hasPrefix("{\"return_value\":2,\"verdict\":\"XDP_PASS\",\"duration_ns\":"), "\(answer.output)"
        )
        let short = try Skep.run(["prog", "run", "--loaded", fixture.path("programs/packets"), "--data", "00"])
        #expect(short.code == 2)
        #expect(short.errors == "skep: xdp programs run on a packet of at least 14 bytes, and 1 were given\n")
    }

    @Test("what cannot be pinned or removed is said with what to do")
    func refusals() throws {
        let fixture = try LiveFixture()
        let map = fixture.path("maps/live_pairs")
        let cases: [([String], Int32, String)] = [
            (["map", "pin", map, "/tmp/skep-no-bpffs"], 2, "/tmp/skep-no-bpffs is in no bpffs, so the map"),
            (["map", "pin", map, "/nonexistent/map"], 1, "there is no folder /nonexistent to pin the map"),
            (["map", "pin", map, map], 2, "there is something at \(map) already"),
        ]
        for (arguments, code, text) in cases {
            let answer = try Skep.run(arguments)
            #expect(answer.code == code, "\(answer.errors)")
            #expect(answer.errors.hasPrefix("skep: " + text), "\(answer.errors)")
        }
    }

    @Test("what is not there is said, and without rights the exit code is 3")
    func errors() throws {
        #expect(try Skep.run(["prog", "show", "4294967294"]).code == 1)
        #expect(try Skep.run(["map", "show", "/nonexistent/map"]).code == 1)
        #expect(try Skep.run(["link", "show", "name"]).code == 2)
        let answer = try Skep.script(
            "setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all \"$skep\" prog list")
        if answer.code != 127 { #expect(answer.code == 3, "\(answer.errors)") }
    }

    /// The text of a field of one line of JSON, without quotes.
    private func field(_ name: String, _ text: String) -> String {
        guard let range = text.firstRange(of: "\"\(name)\":") else { return "" }
        return String(text[range.upperBound...].prefix { $0 != "," && $0 != "}" }).filter { $0 != "\"" }
    }
}
