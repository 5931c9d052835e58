// SPDX-License-Identifier: Apache-2.0

import BPFInstruction

/// Finds the calls that send records, and what is known about their arguments, by following constants through a
/// function.
struct OutputCallFinder {
    /// What a register or stack slot is known to hold.
    enum Value: Hashable {
        case unknown
        /// Nothing: calls leave registers 1 to 5 so, and the verifier lets nobody read them.
        case undefined
        case constant(Int64)
        case map(String)
        case mapValue(String, Int)
        case frame(Int)
        /// The answer of a call that reserves memory, which may be `NULL`.
        case reserved(Int)
        /// The same, where it is known not to be `NULL`.
        case present(Int)
        case argument(Int)
    }

    struct State: Equatable {
        var registers: [Value]
        var slots: [Int: Value] = [:]

        /// The state in which another value is known for all that holds one.
        func replacing(_ old: Value, with new: Value) -> State {
            State(
                registers: registers.map { $0 == old ? new : $0 }, slots: slots.mapValues { $0 == old ? new : $0 })
        }

        /// Keeps what both states agree on; answers whether that changed anything.
        mutating func merge(_ other: State) -> Bool {
            var changed = false
            for index in registers.indices
            where registers[index] != .unknown && registers[index] != other.registers[index] {
                registers[index] = .unknown
                changed = true
            }
            for (offset, value) in slots where other.slots[offset] != value {
                slots[offset] = nil
                changed = true
            }
            return changed
        }
    }

    /// The stack of a function as offsets from r10: `MAX_BPF_STACK`, include/linux/filter.h.
    private static let frame = -512..<0

    let function: FunctionSpec
    private let references: [Int: FunctionSpec.Reference.Target]
    private var states: [State?]
    /// Stack slots that the states of all instructions may hold together; later states start without theirs.
    private var slotsLeft = 1 << 20
    /// The maps of records that are reached through a `struct bpf_dynptr`, by its place on the stack.
    private var dynamicRecords: [Int: String] = [:]

    init(_ function: FunctionSpec) {
        self.function = function
        references = Dictionary(function.references.map { ($0.instruction, $0.target) }) { first, _ in first }
        states = Array(repeating: nil, count: function.instructions.count)
    }

    /// Follows all paths and lists the calls that send records.
    mutating func find() -> [OutputCall] {
        follow()
        for index in function.instructions.indices {
            guard function.instructions[index].isHelperCall,
                function.instructions[index].immediate == Helper.ringBufferReserveDynamic, let state = states[index],
                case .map(let map) = state.registers[1], case .frame(let place) = state.registers[4]
            else { continue }
            dynamicRecords[place] = map
        }
        return function.instructions.indices.compactMap(outputCall)
    }

    /// Follows all paths and lists what is done with maps.
    mutating func findMapOperations() -> [MapOperation] {
        follow()
        return function.instructions.indices.compactMap { index in
            guard let state = states[index], function.instructions[index].isHelperCall,
                case .map(let map) = state.registers[1],
                let kind = MapOperation.Kind(helper: function.instructions[index].immediate)
            else { return nil }
            return MapOperation(function: function.name, instruction: index, map: map, kind: kind)
        }
    }

    /// Follows all paths and tells which map the first argument of calls is, where the code says it.
    mutating func firstArgumentMaps(of calls: [Int]) -> [Int: String] {
        follow()
        var maps: [Int: String] = [:]
        for call in calls {
            if case .map(let name)? = states[call]?.registers[1] { maps[call] = name }
        }
        return maps
    }

    /// A comparison with `NULL` of the memory that a call reserved.
    struct NullTest {
        /// The index of the comparison.
        var instruction: Int
        /// The index of the call.
        var call: Int
        /// Whether the jump is taken for `NULL`.
        var isNullAtTarget: Bool
        /// Registers that hold nothing there.
        var free: [UInt8]
        /// Registers that hold what is compared, and so 0 where it is `NULL`.
        var compared: [UInt8]
    }

    /// Follows all paths and lists the comparisons with `NULL` of memory that calls reserved.
    mutating func findNullTests() -> [NullTest] {
        follow()
        return function.instructions.indices.compactMap { index in
            let instruction = function.instructions[index]
            guard let state = states[index], let isNullAtTarget = instruction.nullTest,
                case .reserved(let call) = state.registers[Int(instruction.destination)]
            else { return nil }
            return NullTest(
                instruction: index, call: call, isNullAtTarget: isNullAtTarget,
                free: (1...5).filter { state.registers[Int($0)] == .undefined },
                compared: (0...9).filter { state.registers[Int($0)] == .reserved(call) })
        }
    }

    /// Follows all paths; every merge loses information, so this ends.
    private mutating func follow() {
        guard !function.instructions.isEmpty else { return }
        var entry = State(registers: Array(repeating: .unknown, count: 16))
        for index in 0..<5 { entry.registers[index + 1] = .argument(index) }
        entry.registers[10] = .frame(0)
        states[0] = entry
        var queue = [0]
        // A generous bound for hostile code: each instruction is revisited at most once per value it can lose.
        var budget = function.instructions.count &* 64 &+ 1024
        while let index = queue.popLast(), budget > 0 {
            budget -= 1
            guard let state = states[index] else { continue }
            for (next, result) in step(index, state) where states.indices.contains(next) {
                if states[next] == nil {
                    slotsLeft -= result.slots.count
                    states[next] = slotsLeft < 0 ? State(registers: result.registers) : result
                    queue.append(next)
                } else if states[next]?.merge(result) == true {
                    queue.append(next)
                }
            }
        }
    }

    private func step(_ index: Int, _ before: State) -> [(Int, State)] {
        let instruction = function.instructions[index]
        var state = before
        let destination = Int(instruction.destination)
        let source = before.registers[Int(instruction.source)]
        switch instruction.opcode & 0x07 {
        case 0x00 where instruction.isWideLoad:
            switch references[index] {
            case .map(let name): state.registers[destination] = .map(name)
            case .mapValue(let name, let offset): state.registers[destination] = .mapValue(name, Int(offset))
            case nil: state.registers[destination] = .constant(Int64(instruction.immediate))
            default: state.registers[destination] = .unknown
            }
            return [(index + 2, state)]
        case 0x01:
            state.registers[destination] = .unknown
            if instruction.opcode == 0x79, case .frame(let base) = source {
                state.registers[destination] = state.slots[base &+ Int(instruction.offset)] ?? .unknown
            }
        case 0x02, 0x03:
            if case .frame(let base) = before.registers[destination] {
                let offset = base &+ Int(instruction.offset)
                // What lies elsewhere the verifier refuses; a narrower store changes the slot around it.
                if Self.frame.contains(offset) {
                    state.slots[offset & ~7] = instruction.opcode == 0x7b && offset & 7 == 0 ? source : nil
                }
            }
        case 0x04, 0x07:
            state.registers[destination] = arithmetic(instruction, before.registers[destination], source)
        case 0x05, 0x06:
            if instruction.isExit { return [] }
            if instruction.isCall {
                state.registers[0] = resultOfCall(index, instruction, before)
                for register in 1...5 { state.registers[register] = .undefined }
                break
            }
            // A jump of the 32-bit class with operation 0 keeps its distance in the immediate (gotol).
            let distance = instruction.opcode == 0x06 ? Int(instruction.immediate) : Int(instruction.offset)
            let target = index + 1 + distance
            let isUnconditional = instruction.opcode == 0x05 || instruction.opcode == 0x06
            if isUnconditional { return [(target, state)] }
            guard let isNullAtTarget = instruction.nullTest, case .reserved(let call) = before.registers[destination]
            else {
                return [(target, state), (index + 1, state)]
            }
            let absent = state.replacing(.reserved(call), with: .constant(0))
            let present = state.replacing(.reserved(call), with: .present(call))
            return isNullAtTarget
                ? [(target, absent), (index + 1, present)] : [(target, present), (index + 1, absent)]
        default:
            break
        }
        return [(index + 1, state)]
    }

    private func arithmetic(_ instruction: Instruction, _ left: Value, _ source: Value) -> Value {
        let usesRegister = instruction.opcode & 0x08 != 0
        let right = usesRegister ? source : .constant(Int64(instruction.immediate))
        switch instruction.opcode & 0xf0 {
        case 0xb0:
            if instruction.opcode & 0x07 == 0x04, case .constant(let value) = right {
                return .constant(Int64(UInt32(truncatingIfNeeded: value)))
            }
            return instruction.opcode & 0x07 == 0x07 && instruction.offset == 0 ? right : .unknown
        case 0x00:
            guard case .constant(let amount) = right else { return .unknown }
            switch left {
            case .constant(let value): return .constant(value &+ amount)
            case .frame(let offset): return .frame(offset &+ Int(amount))
            case .mapValue(let map, let offset): return .mapValue(map, offset &+ Int(amount))
            default: return .unknown
            }
        default:
            return .unknown
        }
    }

    private func resultOfCall(_ index: Int, _ instruction: Instruction, _ state: State) -> Value {
        guard instruction.isHelperCall else { return .unknown }
        switch instruction.immediate {
        case Helper.mapLookupElement:
            if case .map(let name) = state.registers[1] { return .mapValue(name, 0) }
        case Helper.ringBufferReserve:
            return .reserved(index)
        default: break
        }
        return .unknown
    }

    private func outputCall(at index: Int) -> OutputCall? {
        let instruction = function.instructions[index]
        guard let state = states[index], instruction.isHelperCall else { return nil }
        func map(_ register: Int) -> String? {
            if case .map(let name) = state.registers[register] { return name }
            return nil
        }
        func size(_ register: Int) -> Int? {
            if case .constant(let value) = state.registers[register], value > 0 { return Int(exactly: value) }
            return nil
        }
        func call(_ form: OutputCall.Form, map: String?, size: Int?) -> OutputCall {
            OutputCall(function: function.name, instruction: index, map: map, form: form, size: size)
        }
        switch instruction.immediate {
        case Helper.ringBufferReserve:
            return call(.reserve, map: map(1), size: size(2))
        case Helper.ringBufferOutput:
            return call(.copy(from: origin(state.registers[2])), map: map(1), size: size(3))
        case Helper.perfEventOutput, Helper.socketBufferOutput, Helper.xdpOutput:
            return call(.copy(from: origin(state.registers[4])), map: map(2), size: size(5))
        case Helper.dynamicWrite:
            // The start of a record tells its type; what follows is of any length.
            guard case .frame(let place) = state.registers[1], let map = dynamicRecords[place],
                state.registers[2] == .constant(0)
            else { return nil }
            return call(.copy(from: origin(state.registers[3])), map: map, size: size(4))
        default:
            return nil
        }
    }

    private func origin(_ value: Value) -> OutputCall.Origin {
        switch value {
        case .frame(let offset): .stack(offset)
        case .mapValue(let map, let offset): .mapValue(map, offset: offset)
        case .reserved(let instruction), .present(let instruction): .reserved(instruction: instruction)
        case .argument(let index): .argument(index)
        case .unknown, .undefined, .constant, .map: .unknown
        }
    }

    /// The helpers that matter here, from `include/uapi/linux/bpf.h`.
    private enum Helper {
        static let mapLookupElement: Int32 = 1
        static let perfEventOutput: Int32 = 25
        static let socketBufferOutput: Int32 = 111
        static let xdpOutput: Int32 = 121
        static let ringBufferOutput: Int32 = 130
        static let ringBufferReserve: Int32 = 131
        static let ringBufferReserveDynamic: Int32 = 198
        static let dynamicWrite: Int32 = 202
    }
}

extension Instruction {
    /// For a comparison of a register with 0 for a jump: whether the jump is taken when they are equal.
    fileprivate var nullTest: Bool? {
        guard immediate == 0 else { return nil }
        switch opcode {
        case 0x15: return true
        case 0x55: return false
        default: return nil
        }
    }
}

extension ObjectSpec {
    /// All places where the object's functions call helpers for maps.
    public var mapOperations: [MapOperation] {
        functions.values.sorted { $0.name < $1.name }.flatMap { function in
            var finder = OutputCallFinder(function)
            return finder.findMapOperations()
        }
    }

    /// All places where the object's functions send records to user space, by function name and instruction.
    public var outputCalls: [OutputCall] {
        functions.values.sorted { $0.name < $1.name }.flatMap { function in
            var finder = OutputCallFinder(function)
            return finder.find()
        }
    }
}
