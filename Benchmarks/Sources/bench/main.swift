// SPDX-License-Identifier: Apache-2.0

import Glibc
import Linux

// Usage: bench SKEP PEERS OURS ROUNDS OUTPUT [LINE...]
// SKEP is the program, PEERS and OURS the folders with the two halves of what is compared, OUTPUT the Markdown file. The
// lines are put at its end: what the script knows about builds.
let arguments = CommandLine.arguments
guard arguments.count >= 6, let rounds = Int(arguments[4]) else {
    print("usage: bench SKEP PEERS OURS ROUNDS OUTPUT [LINE...]")
    exit(2)
}
let (skep, peers, ours, output) = (arguments[1], arguments[2], arguments[3], arguments[5])
var comparisons: [Comparison] = []
@MainActor func note(_ comparison: Comparison) {
    comparisons.append(comparison)
    print(comparison.row)
}

/// A part that cannot be measured is told in the table, and the others go on.
var failures: [String] = []
@MainActor func part(_ name: String, _ body: @MainActor () throws -> Void) {
    do { try body() } catch { failures.append("\(name) could not be measured: \(error)") }
}

part("start to first event") {
    let own = StartMeasurement(program: skep, arguments: ["run", "opensnoop", "--pid", "\(getpid())"])
    let other = StartMeasurement(program: "/usr/sbin/opensnoop", arguments: ["-p", "\(getpid())"])
    var start = Comparison("opensnoop: start to first event", unit: "ms", peer: "libbpf-tools", target: 0.9)
    var memory = Comparison("opensnoop: peak memory", unit: "MiB", peer: "libbpf-tools", target: 1.0)
    for round in 0...rounds {
        let first = round % 2 == 0 ? try own.run() : try other.run()
        let second = round % 2 == 0 ? try other.run() : try own.run()
        if round == 0 { continue }
        let (mine, theirs) = round % 2 == 0 ? (first, second) : (second, first)
        start.add(ours: mine.milliseconds, theirs: theirs.milliseconds)
        memory.add(ours: mine.bytes / 1_048_576, theirs: theirs.bytes / 1_048_576)
    }
    note(start)
    note(memory)
}
part("BTF") {
    var time = Comparison("kernel BTF, cold process: find task_struct", unit: "ms", peer: "libbpf", target: 0.7)
    try time.measure(
        rounds: rounds, ours: { try Commands.numbers("\(ours)/btf-find")[0] / 1e6 },
        theirs: { try Commands.numbers("\(peers)/btf-find")[0] / 1e6 })
    note(time)
    var heap = Comparison("the same: heap beside the raw bytes", unit: "MiB", peer: "", target: 2)
    heap.add(ours: try Commands.numbers("\(ours)/btf-find")[1] / 1_048_576, theirs: nil)
    note(heap)
}
part("ring buffer") {
    let ring = try RingMeasurement(object: "\(peers)/ring-fill.o")
    for size in [16, 64, 256] {
        var drain = Comparison("ring buffer: drain, records of \(size) bytes", unit: "ns", peer: "libbpf", target: 1.0)
        try drain.measure(
            rounds: rounds, ours: { try ring.run(size: size, drain: "\(ours)/ring-drain") },
            theirs: { try ring.run(size: size, drain: "\(peers)/ring-drain") })
        note(drain)
    }
}
part("loading") {
    var time = Comparison("load an object of 100 programs that share types", unit: "ms", peer: "libbpf", target: 1.2)
    let object = "\(peers)/many-programs.o"
    try time.measure(
        rounds: rounds, ours: { try Commands.numbers("\(ours)/object-load", [object])[0] / 1e6 },
        theirs: { try Commands.numbers("\(peers)/object-load", [object])[0] / 1e6 })
    note(time)
}
part("skep --version") {
    var version = Comparison("skep --version", unit: "ms", peer: "", target: 5)
    try version.measure(rounds: rounds, ours: { try Commands.duration(skep, ["--version"]) }, theirs: nil)
    note(version)
}

var text = """
    # Benchmarks

    \(Machine.description). Medians of \(rounds) rounds after one to warm up, ours and the peer's in alternation, with the
    least and the most in brackets. Written by `make bench`; the peers are those of Debian.

    | what | ours | peer | ratio | wanted | reached |
    |---|---|---|---|---|---|
    \(comparisons.map(\.row).joined(separator: "\n"))

    """
for failure in failures {
    print(failure)
    text += "\n- \(failure)\n"
}
for line in arguments[6...] { text += "\n\(line)" }
try Files.write(Array((text + "\n").utf8), to: output)
exit(failures.isEmpty ? 0 : 1)
