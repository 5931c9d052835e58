// SPDX-License-Identifier: Apache-2.0

import BPFInstruction

/// Makes programs count the records that did not fit into ring buffers.
///
/// The kernel does not count them: `bpf_ringbuf_reserve` just answers `NULL` and `bpf_ringbuf_output` a negative number.
/// So a few instructions are put behind each such call that run only when it failed, and add 1 to a counter in an extra
/// array map. Registers r1 to r5 hold nothing behind a call, so the verifier accepts this wherever it accepted the call.
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
    /// The functions that cannot be changed, since a jump would become too long: what they lose is not counted.
    public private(set) var uncounted: [String] = []

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
            if let counting = counting(function, calls) {
                functions[name] = counting
            } else {
                uncounted.append(name)
            }
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

    private func counting(_ function: FunctionSpec, _ calls: [Int]) -> FunctionSpec? {
        var finder = OutputCallFinder(function)
        let maps = finder.firstArgumentMaps(of: calls)
        let counted = Set(
            function.references.compactMap { reference in
                if case .mapValue(Self.mapName, _) = reference.target { return reference.instruction }
                return nil
            })
        var insertions: [Int: CodeInsertion] = [:]
        // What is inserted loads the counter's address in its second instruction.
        for call in calls where !counted.contains(call + 2) {
            let helper = function.instructions[call].immediate
            insertions[call] = insertion(isPointer: helper == Helper.reserve, stream: maps[call])
        }
        return insertions.isEmpty ? function : function.inserting(insertions)
    }

    private func insertion(isPointer: Bool, stream: String?) -> CodeInsertion {
        CodeInsertion(
            instructions: [
                // if r0 != 0 goto +4, for a pointer; if r0 s>= 0 goto +4, for an error number
                Instruction(opcode: isPointer ? 0x55 : 0x75, destination: 0, offset: 4),
                // r1 = the counter's address
                Instruction(opcode: 0x18, destination: 1),
                Instruction(opcode: 0),
                // r2 = 1
                Instruction(opcode: 0xb7, destination: 2, immediate: 1),
                // lock *(u64 *)(r1 + 0) += r2
                Instruction(opcode: 0xdb, destination: 1, source: 2),
            ],
            references: [
                .init(
                    instruction: 1,
                    target: .mapValue(map: Self.mapName, offset: UInt32(clamping: offset(of: stream))))
            ])
    }
}
