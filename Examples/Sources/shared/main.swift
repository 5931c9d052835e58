// SPDX-License-Identifier: Apache-2.0
// shared OBJECT: lets a program sort numbers into a list, and walks over the list in shared memory.

import BPF
@preconcurrency import Glibc

func run(_ path: String) throws {
    var spec = try ObjectSpec(contentsOf: path)
    try spec.setVariable("target_pid", to: UInt32(getpid()))
    let object = try LoadedObject(spec)

    let numbers = try MapQueue<UInt64>(object.map(named: "numbers"))
    for number in [42, 7, 1000, 3, 99] as [UInt64] { try numbers.push(number) }
    let link = try object.program(named: "sort").attach()
    _ = getppid()
    link.detach()

    // A pointer of the program is an address of this process, so that it can be followed here.
    let memory = try object.map(named: "arena").memory()
    var address = try object.value(ofVariable: "smallest", as: UInt64.self)
    while address != 0, address >= memory.address {
        let offset = Int(address - memory.address)
        guard let number = memory.load(at: offset + 8, as: UInt64.self) else { break }
        print("number \(number)")
        address = memory.load(at: offset, as: UInt64.self) ?? 0
    }
}

setlinebuf(stdout)
guard CommandLine.arguments.count == 2 else {
    print("usage: shared OBJECT")
    exit(2)
}
do {
    try run(CommandLine.arguments[1])
} catch let error as any DiagnosticError {
    fputs("shared: \(error.report)\n", stderr)
    exit(error.failure.exitCode)
}
