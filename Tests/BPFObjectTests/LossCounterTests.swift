// SPDX-License-Identifier: Apache-2.0

import BPFInstruction
import BTF
import TestSupport
import Testing

@testable import BPFObject

@Suite("Programs count the records that do not fit into ring buffers")
struct LossCounterTests {
    private static let rings = """
        struct { __uint(type, 27); __uint(max_entries, 4096); } first SEC(".maps"), second SEC(".maps");
        struct inner { __uint(type, 27); __uint(max_entries, 4096); };
        struct { __uint(type, 12); __uint(max_entries, 2); __type(key, u32); __array(values, struct inner); }
            outer SEC(".maps");
        u64 unrelated;

        """

    /// The offsets of the counters that a function adds to, in the order of its code.
    private func counters(of name: String, _ counter: LossCounter) -> [UInt32] {
        (counter.functions[name]?.references ?? []).compactMap { reference in
            if case .mapValue(LossCounter.mapName, let offset) = reference.target { return offset }
            return nil
        }
    }

    @Test("each call counts for the ring buffer that it uses, and others for all")
    func slots() throws {
        let spec = try ObjectSpec(
            CompiledC.object(
                Self.rings + """
                    static __noinline int send(void *ring, u64 value) {
                        return bpf_ringbuf_output(ring, &value, sizeof(value), 0);
                    }
                    SEC("tp/a/b") int p(void *c) {
                        u64 value = 1; u32 key = 0;
                        bpf_ringbuf_output(&second, &value, sizeof(value), 0);
                        u64 *record = bpf_ringbuf_reserve(&first, sizeof(*record), 0);
                        if (record) { *record = 1; bpf_ringbuf_submit(record, 0); }
                        void *ring = bpf_map_lookup_elem(&outer, &key);
                        if (ring) bpf_ringbuf_output(ring, &value, sizeof(value), 0);
                        return send(&first, 1) + send(&second, 2);
                    }
                    SEC("tp/a/b") int other(void *c) { unrelated++; return 0; }
                    """), name: "slots")
        let counter = try #require(LossCounter(spec))
        #expect(counter.streams.sorted() == ["first", "second"])
        #expect(counter.uncounted.isEmpty)
        #expect(counter.map.valueSize == 24 && counter.map.maximumEntries == 1 && counter.map.kind == .array)
        let (first, second) = (counter.offset(of: "first"), counter.offset(of: "second"))
        #expect(Set([first, second]) == [0, 8])
        #expect(counter.offset(of: "outer") == 16 && counter.offset(of: nil) == 16)
        // The compiler keeps the order of the calls, but for the subprogram's.
        #expect(counters(of: "p", counter) == [UInt32(second), UInt32(first), 16])
        #expect(counters(of: "send", counter) == [16])
        #expect(counter.functions["other"]?.instructions == spec.functions["other"]?.instructions)
        #expect(spec.map(named: LossCounter.mapName) == nil)
    }

    @Test("counting twice changes nothing")
    func twice() throws {
        var spec = try ObjectSpec(
            CompiledC.object(
                Self.rings + """
                    SEC("tp/a/b") int p(void *c) {
                        u64 value = 1;
                        return bpf_ringbuf_output(&second, &value, sizeof(value), 0);
                    }
                    """), name: "twice")
        let first = try #require(LossCounter(spec))
        spec.functions = first.functions
        let second = try #require(LossCounter(spec))
        #expect(second.functions["p"]?.instructions == first.functions["p"]?.instructions)
        #expect(second.functions["p"]?.references == first.functions["p"]?.references)
    }

    @Test("an object without ring buffers is left alone")
    func none() throws {
        let spec = try ObjectSpec(CompiledC.object("SEC(\"xdp\") int p(void *c) { return 2; }"), name: "none")
        #expect(LossCounter(spec) == nil)
    }

    @Test("loops, wide loads, callbacks, source lines and relocations keep their places")
    func compiled() throws {
        let source =
            Self.rings + """
                struct task { int pid; struct task *parent; } __preserve;
                struct { __uint(type, 1); __uint(max_entries, 4); __type(key, u32); __type(value, u64); } m SEC(".maps");
                static long each(void *map, u32 *key, u64 *value, void *ctx) {
                    return bpf_ringbuf_output(&first, value, sizeof(*value), 0) < 0;
                }
                SEC("tp/a/b") int before(void *c) { return 0; }
                SEC("tp/a/b") int p(struct task *task) {
                    u64 sum = 0xfedcba9876543210ULL;
                    for (int i = 0; i < 10000; i++) {
                        u64 *record = bpf_ringbuf_reserve(&first, sizeof(*record), 0);
                        if (!record) { sum += task->pid; continue; }
                        *record = sum + task->parent->pid;
                        bpf_ringbuf_submit(record, 0);
                        if (sum == 0x123456789abcdefULL) break;
                        sum ^= 0xaaaaaaaaaaaaaaaaULL + unrelated;
                    }
                    return sum + bpf_for_each_map_elem(&m, each, 0, 0);
                }
                """
        let spec = try ObjectSpec(CompiledC.object(source), name: "compiled")
        let counter = try #require(LossCounter(spec))
        #expect(counter.uncounted.isEmpty)
        for name in ["p", "each"] {
            let old = try #require(spec.functions[name])
            let new = try #require(counter.functions[name])
            let places = try places(of: old, in: new)
            for (index, instruction) in old.instructions.enumerated() where instruction.isConditionalJump {
                // The comparison of a reserved record is turned round and leads over what counts.
                guard new.instructions[places[index]].opcode == instruction.opcode else { continue }
                let target = index + 1 + Int(instruction.offset)
                #expect(places[index] + 1 + Int(new.instructions[places[index]].offset) == places[target])
            }
            let offset = UInt32(counter.offset(of: "first"))
            let kept = new.references.filter { $0.target != .mapValue(map: LossCounter.mapName, offset: offset) }
            #expect(kept == old.references.map { .init(instruction: places[$0.instruction], target: $0.target) })
            #expect(new.references.count == old.references.count + 1)
            #expect(new.lines.map { Int($0.instructionOffset) } == old.lines.map { places[Int($0.instructionOffset)] })
            #expect(
                new.coreRelocations.map { Int($0.instructionOffset) }
                    == old.coreRelocations.map {
                        old.sectionOffset + 8 * places[(Int($0.instructionOffset) - old.sectionOffset) / 8]
                    })
        }
        #expect(spec.functions["p"]?.coreRelocations.isEmpty == false)
        #expect((spec.functions["p"]?.sectionOffset ?? 0) > 0)
        #expect(counter.functions["p"]?.references.contains { $0.target == .functionAddress("each") } == true)
        // References are in ascending order, as every reader may expect.
        for function in counter.functions.values {
            #expect(function.references.map(\.instruction) == function.references.map(\.instruction).sorted())
        }
    }

    /// Where the instructions of a function are in its counting form: what counts starts with the load of a counter's
    /// address, with a comparison before it for calls and a jump behind it for comparisons that were turned round.
    private func places(of old: FunctionSpec, in new: FunctionSpec) throws -> [Int] {
        let loads = Set(
            new.references.compactMap { reference in
                if case .mapValue(LossCounter.mapName, _) = reference.target { return reference.instruction }
                return nil
            })
        var places: [Int] = []
        var next = 0
        for instruction in old.instructions {
            places.append(next)
            next += 1
            if instruction.isHelperCall, instruction.immediate != 131, loads.contains(next + 1) {
                next += 5
            } else if loads.contains(next) {
                let isTurned = instruction.opcode == 0x15
                next = isTurned ? next + Int(new.instructions[next - 1].offset) : next + 4
                while !isTurned, new.instructions[next].opcode == 0xb7, new.instructions[next].immediate == 0,
                    !old.instructions.contains(new.instructions[next])
                { next += 1 }
            }
        }
        places.append(next)
        #expect(places.last == new.instructions.count)
        return places
    }

    /// A function whose instruction number i is `r0 = i`, with calls that may lose and jumps put among them.
    private func function(_ instructions: [Instruction]) -> FunctionSpec {
        FunctionSpec(name: "f", section: "xdp", sectionOffset: 0, isGlobal: true, instructions: instructions)
    }

    private func spec(_ function: FunctionSpec) throws -> ObjectSpec {
        var spec = try ObjectSpec(CompiledC.object("SEC(\"xdp\") int f(void *c) { return 2; }"), name: "f")
        spec.functions = ["f": function]
        return spec
    }

    @Test("jumps of every kind, in both directions, lead to the same instruction as before")
    func jumps() throws {
        let spec = try spec(function([]))
        var random = SystemRandomNumberGenerator()
        for _ in 0..<300 {
            let count = Int.random(in: 2..<40, using: &random)
            var instructions: [Instruction] = []
            var targets: [Int: Int] = [:]
            for index in 0..<count {
                let target = Int.random(in: 0...count, using: &random)
                let distance = target - index - 1
                switch Int.random(in: 0..<8, using: &random) {
                case 0:
                    instructions.append(Instruction(opcode: 0x85, immediate: [130, 198].randomElement() ?? 130))
                case 1: instructions.append(Instruction(opcode: 0x85, immediate: 132))
                case 2: instructions.append(Instruction(opcode: 0x05, offset: Int16(distance)))
                case 3: instructions.append(Instruction(opcode: 0x06, immediate: Int32(distance)))
                case 4: instructions.append(Instruction(opcode: 0x1d, source: 3, offset: Int16(distance)))
                case 5: instructions.append(Instruction(opcode: 0x56, offset: Int16(distance), immediate: 7))
                case 6: instructions.append(Instruction(opcode: 0xe5, offset: Int16(distance)))
                default: instructions.append(Instruction(opcode: 0xb7, immediate: Int32(index)))
                }
                if instructions[index].opcode != 0x85, instructions[index].opcode != 0xb7 { targets[index] = target }
            }
            var counted = spec
            counted.functions = ["f": function(instructions)]
            guard let new = LossCounter(counted)?.functions["f"] else { continue }
            let places = try places(of: function(instructions), in: new)
            for (index, target) in targets {
                let jump = new.instructions[places[index]]
                let distance = jump.opcode == 0x06 ? Int(jump.immediate) : Int(jump.offset)
                #expect(places[index] + 1 + distance == places[target])
                #expect(jump.opcode == instructions[index].opcode)
            }
        }
    }

    @Test("the second half of a wide load is no jump and no call, whatever its bytes")
    func wideLoads() throws {
        let instructions = [
            Instruction(opcode: 0x18, destination: 1, immediate: 1), Instruction(opcode: 0x05, offset: 99),
            Instruction(opcode: 0x85, immediate: 130), Instruction(opcode: 0x95),
        ]
        let new = try #require(LossCounter(spec(function(instructions)))?.functions["f"])
        #expect(new.instructions[1] == instructions[1])
        #expect(new.instructions.count == 9)
    }

    @Test("a function is left as it is when a jump would become too long or is not known")
    func tooLong() throws {
        let filler = [Instruction](repeating: Instruction(opcode: 0xb7), count: 32760)
        let call = Instruction(opcode: 0x85, immediate: 130)
        for (jump, fits) in [
            (Instruction(opcode: 0x05, offset: 32761), true), (Instruction(opcode: 0x05, offset: 32763), false),
            (Instruction(opcode: 0x0d), false), (Instruction(opcode: 0x05, offset: -3), false),
        ] {
            let code =
                [jump, call] + filler + [
                    Instruction(opcode: 0x95), Instruction(opcode: 0x95), Instruction(opcode: 0x95),
                ]
            let counter = try #require(LossCounter(spec(function(code))))
            #expect(counter.uncounted.keys.sorted() == (fits ? [] : ["f"]))
            #expect((counter.functions["f"]?.instructions == code) == !fits)
        }
    }

    @Test("a reserved record is counted where the program finds it missing, by both forms of the comparison")
    func nullTests() throws {
        let call = Instruction(opcode: 0x85, immediate: 131)
        let exit = Instruction(opcode: 0x95)
        let zero = Instruction(opcode: 0xb7)
        let copy = Instruction(opcode: 0xbf, destination: 6, source: 0)
        func count(address: UInt8, amount: UInt8) -> [Instruction] {
            [
                Instruction(opcode: 0x18, destination: address), Instruction(opcode: 0),
                Instruction(opcode: 0xb7, destination: amount, immediate: 1),
                Instruction(opcode: 0xdb, destination: address, source: amount),
            ]
        }
        // Taken for NULL: turned round, with a jump to the old target at the end.
        let taken = [call, Instruction(opcode: 0x15, offset: 1), zero, exit]
        #expect(
            try LossCounter(spec(function(taken)))?.functions["f"]?.instructions
                == [call, Instruction(opcode: 0x55, offset: 5)] + count(address: 1, amount: 2)
                + [Instruction(opcode: 0x05, offset: 1), zero, exit])
        // Not taken for NULL, of a copy.
        let passed = [call, copy, Instruction(opcode: 0x55, destination: 6, offset: 1), zero, exit]
        #expect(
            try LossCounter(spec(function(passed)))?.functions["f"]?.instructions
                == [call, copy, Instruction(opcode: 0x55, destination: 6, offset: 5)] + count(address: 1, amount: 2)
                + [zero, exit])
        // Registers 1 to 5 are in use: those that hold the pointer serve, and are 0 again.
        let used = (1...5).map { Instruction(opcode: 0xb7, destination: $0, immediate: 7) }
        let full = [call, copy] + used + [Instruction(opcode: 0x55, destination: 6, offset: 1), zero, exit]
        #expect(
            try LossCounter(spec(function(full)))?.functions["f"]?.instructions
                == [call, copy] + used + [Instruction(opcode: 0x55, destination: 6, offset: 7)]
                + count(address: 0, amount: 6) + [zero, Instruction(opcode: 0xb7, destination: 6), zero, exit])
        // A second comparison of what was found to be there counts nothing.
        let again = [call, Instruction(opcode: 0x15, offset: 2), Instruction(opcode: 0x15, offset: 1), zero, exit]
        let counter = try #require(LossCounter(spec(function(again))))
        #expect(counters(of: "f", counter).count == 1)
        #expect(counter.uncounted.isEmpty)
        // A comparison in the caller is not seen, and that is told.
        let never = try #require(LossCounter(spec(function([call, exit]))))
        #expect(never.uncounted.keys.sorted() == ["f"])
    }
}
