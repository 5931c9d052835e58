// SPDX-License-Identifier: Apache-2.0

import BPF
import Glibc
import Linux

// Our half of Peers/object-load.c: the same object, in a process of its own.
guard CommandLine.arguments.count > 1 else { exit(2) }
let start = Clock.monotonic()
let spec = try ObjectSpec(contentsOf: CommandLine.arguments[1])
let opened = Clock.monotonic()
let object = try LoadedObject(spec)
let end = Clock.monotonic()
guard object.programs.count == spec.programs.count else { exit(1) }
print(end - start, opened - start)
// Repeated for a profiler.
if CommandLine.arguments.count > 2, let rounds = Int(CommandLine.arguments[2]) {
    for _ in 0..<rounds { _ = try LoadedObject(try ObjectSpec(contentsOf: CommandLine.arguments[1])) }
}
