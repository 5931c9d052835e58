// SPDX-License-Identifier: Apache-2.0
// loops OBJECT NUMBER: lets the kernel count the primes below a number, in two ways.

import BPF
@preconcurrency import Glibc

func run(_ path: String, below number: UInt32) throws {
    let object = try LoadedObject(ObjectSpec(contentsOf: path))
    for program in object.programs {
        // `struct question` comes back changed.
        let question: [UInt8] = [number, 0].flatMap { word in withUnsafeBytes(of: word) { [UInt8]($0) } }
        let outcome = try program.testRun(TestRunOptions(context: question))
        let primes = outcome.context.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 4, as: UInt32.self) }
        print("\(program.name): \(primes) primes below \(number)")
    }
}

setlinebuf(stdout)
guard CommandLine.arguments.count == 3, let number = UInt32(CommandLine.arguments[2]) else {
    print("usage: loops OBJECT NUMBER")
    exit(2)
}
do {
    try run(CommandLine.arguments[1], below: number)
} catch let error as any DiagnosticError {
    fputs("loops: \(error.report)\n", stderr)
    exit(error.failure.exitCode)
}
