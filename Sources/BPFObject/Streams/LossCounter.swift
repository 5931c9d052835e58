// SPDX-License-Identifier: Apache-2.0

import BPFInstruction

/// Makes programs count the records that did not fit into ring buffers.
///
/// The kernel does not count them: `bpf_ringbuf_reserve` just answers `NULL` and `bpf_ringbuf_output` a negative number.
/// So a few instructions that run only after a failure add 1 to a counter in an extra array map:
///
/// - Behind `bpf_ringbuf_output` and `bpf_ringbuf_reserve_dynptr`, with a comparison of their own. Registers r1 to r5 hold
///   nothing behind a call, so the verifier accepts this wherever it accepted the call.
/// - For `bpf_ringbuf_reserve`, where the program itself finds out that the answer is `NULL`, as the verifier makes it. A
///   comparison of our own would not do: the verifiers of older kernels (6.1 among them, 6.12 no more) do not conclude
///   from it how the program's own ends, and miss the record's submission on a path that cannot happen.
///
/// ```swift
/// if let counter = LossCounter(spec) {
///     // make `counter.map`, and load `counter.functions` instead of `spec.functions`
/// }
/// ```
///
/// This is a pure transformation, and a function that already counts is left as it is.
///
/// - Note: `kernel/bpf/ringbuf.c`; the atomic addition without an answer is older than ring buffers (Linux 5.8).
public struct LossCounter: Sendable {
    /// The name of the map with the counters. No variable of C has such a name, so it meets none of an object's.
    public static let mapName = "skep.lost"

    /// The map with the counters: an array of one value, which holds one 64-bit number for each of ``streams`` and one
    /// more for ring buffers that the code does not name, such as those in maps of maps.
    public let map: MapSpec
    /// The ring buffers that have a counter, in the order of the counters.
    public let streams: [String]
    /// All functions of the object; those that send records to ring buffers count what did not fit.
    public private(set) var functions: [String: FunctionSpec]
    /// The functions with a call whose losses are not counted, with the reason.
    public private(set) var uncounted: [String: String] = [:]

    /// Adds the counting to an object's functions.
    ///
    /// - Returns: `nil` when no function sends records to a ring buffer.
    /// - Complexity: O(instructions).
    public init?(_ spec: ObjectSpec) {
        streams = spec.maps.filter { $0.kind == .ringBuffer }.map(\.name)
        functions = spec.functions
        let size = (streams.count + 1) * Self.counterSize
        var map = MapSpec(
            name: Self.mapName, kind: .array, keySize: 4, valueSize: UInt32(clamping: size), maximumEntries: 1)
        map.section = .init(
            name: Self.mapName, access: .readWrite, contents: [UInt8](repeating: 0, count: size))
        self.map = map

        var hasCalls = false
        for name in spec.functions.keys.sorted() {
            guard let function = spec.functions[name] else { continue }
            let calls = function.instructions.indices.filter { Self.mayLose(function.instructions[$0]) }
            guard !calls.isEmpty else { continue }
            hasCalls = true
            count(in: function, calls)
        }
        guard hasCalls else { return nil }
    }

    /// The size of a counter in bytes.
    public static let counterSize = 8

    /// The offset of a ring buffer's counter in the map's value in bytes; of the shared counter for other names.
    public func offset(of stream: String?) -> Int {
        let slot = stream.flatMap { streams.firstIndex(of: $0) } ?? streams.count
        return slot * Self.counterSize
    }

    /// Helpers that may find a ring buffer full, from `include/uapi/linux/bpf.h`.
    private enum Helper {
        static let output: Int32 = 130
        static let reserve: Int32 = 131
        static let reserveDynamicPointer: Int32 = 198
    }

    private static func mayLose(_ instruction: Instruction) -> Bool {
        guard instruction.isHelperCall else { return false }
        switch instruction.immediate {
        case Helper.output, Helper.reserve, Helper.reserveDynamicPointer: return true
        default: return false
        }
    }

    private mutating func count(in function: FunctionSpec, _ calls: [Int]) {
        var finder = OutputCallFinder(function)
        let maps = finder.firstArgumentMaps(of: calls)
        let counters = Set(
            function.references.compactMap { reference in
                if case .mapValue(Self.mapName, _) = reference.target { return reference.instruction }
                return nil
            })
        var insertions: [Int: CodeInsertion] = [:]
        for call in calls where function.instructions[call].immediate != Helper.reserve {
            // What is inserted loads the counter's address in its second instruction.
            guard !counters.contains(call + 2) else { continue }
            insertions[call] = behindCall(counter: offset(of: maps[call]))
        }
        var tested: Set<Int> = []
        for test in finder.findNullTests() {
            tested.insert(test.call)
            guard !counters.contains(test.instruction + 1) else { continue }
            guard let insertion = behindTest(test, function, counter: offset(of: maps[test.call])) else {
                uncounted[function.name] = "no register is free where a record is found to be missing"
                continue
            }
            insertions[test.instruction] = insertion
        }
        for call in calls where function.instructions[call].immediate == Helper.reserve && !tested.contains(call) {
            uncounted[function.name] = "it does not itself compare a reserved record with NULL"
        }
        guard !insertions.isEmpty else { return }
        if let counting = function.inserting(insertions) {
            functions[function.name] = counting
        } else {
            uncounted[function.name] = "a jump would become too long"
        }
    }

    /// Counts when register 0 holds an error number.
    private func behindCall(counter: Int) -> CodeInsertion {
        var insertion = addition(counter: counter, address: 1, amount: 2)
        // if r0 s>= 0 goto +4
        insertion.insert(Instruction(opcode: 0x75, destination: 0, offset: 4))
        return insertion
    }

    /// Counts on the way that a comparison takes for `NULL`.
    private func behindTest(
        _ test: OutputCallFinder.NullTest, _ function: FunctionSpec, counter: Int
    ) -> CodeInsertion? {
        // A register that holds the compared pointer is 0 here, so it can be used and made 0 again.
        let usable = (test.free + test.compared).prefix(2)
        guard let address = usable.first, let amount = usable.dropFirst().first else { return nil }
        var insertion = addition(counter: counter, address: address, amount: amount)
        for register in usable where test.compared.contains(register) {
            insertion.instructions.append(Instruction(opcode: 0xb7, destination: register))
        }
        if test.isNullAtTarget {
            let comparison = function.instructions[test.instruction]
            insertion.target = test.instruction + 1 + Int(comparison.offset)
            // The opposite comparison leads over what is inserted, which ends with a jump to the old target.
            var opposite = comparison
            opposite.opcode = 0x55
            insertion.replacement = opposite
        }
        return insertion
    }

    /// Adds 1 to a counter with the help of two registers.
    private func addition(counter: Int, address: UInt8, amount: UInt8) -> CodeInsertion {
        CodeInsertion(
            instructions: [
                // address = the counter's
                Instruction(opcode: 0x18, destination: address),
                Instruction(opcode: 0),
                Instruction(opcode: 0xb7, destination: amount, immediate: 1),
                // lock *(u64 *)(address + 0) += amount
                Instruction(opcode: 0xdb, destination: address, source: amount),
            ],
            references: [
                .init(
                    instruction: 0, target: .mapValue(map: Self.mapName, offset: UInt32(clamping: counter)))
            ])
    }
}
