// SPDX-License-Identifier: Apache-2.0

import BPF
import BPFObject
import Linux

/// One ring buffer that is filled here and drained by a program that gets its id.
final class RingMeasurement {
    private let object: LoadedObject
    private let capacity: Int

    init(object path: String) throws {
        object = try LoadedObject(try ObjectSpec(try Files.map(path), name: "ring-fill"))
        capacity = 64 << 20
    }

    /// Fills the ring with records of a size and lets a program drain it.
    ///
    /// - Returns: nanoseconds a record.
    func run(size: Int, drain program: String) throws -> Double {
        let filler = try object.program(named: "fill_\(size)")
        var run = TestRun(program: filler.rawDescriptor, data: [UInt8](repeating: 0, count: 64))
        run.repetitions = UInt32(capacity / (size + 8) - 1)
        _ = try BPFSystemCall.testRun(run)
        let map = try BPFSystemCall.mapInformation(of: try object.map(named: "ring").rawDescriptor)
        let numbers = try Commands.numbers(program, ["\(map.id)"])
        guard numbers.count == 2, numbers[0] >= Double(run.repetitions) else {
            throw TerminalProcess.Failure(description: "\(program) drained \(numbers) of \(run.repetitions)")
        }
        return numbers[1] / numbers[0]
    }
}
