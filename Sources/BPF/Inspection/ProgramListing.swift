// SPDX-License-Identifier: Apache-2.0

public import BPFInstruction
import BTF
import Bytes
import Diagnostics
import Linux

/// A loaded program's instructions as the verifier left them, with what is known about each.
///
/// ```swift
/// let listing = try ProgramListing(LiveProgram(id: 42))
/// print(listing.text)
/// ```
///
/// - Note: `bpf_insn_prepare_dump` and `jit_subprogs` of `kernel/bpf/` say what the numbers in dumped instructions mean.
public struct ProgramListing: Sendable {
    /// The instructions.
    public let instructions: [Instruction]
    /// What is known about an instruction, by its slot.
    public let annotations: [Int: InstructionAnnotation]

    /// Reads a program's instructions, source lines, and the names of its functions, maps and helpers.
    ///
    /// - Throws: ``BPFError`` when the kernel does not give the instructions.
    public init(_ program: LiveProgram) throws(BPFError) {
        let code = try program.code()
        guard !code.translated.isEmpty else {
            throw BPFError(
                .notPermitted, "the kernel does not show the instructions of the program \(program.id)",
                hint: "it needs CAP_PERFMON and CAP_BPF, and net.core.bpf_jit_harden below 2")
        }
        do throws(InstructionError) {
            instructions = try Instruction.decode(code.translated.span.bytes, order: .host)
        } catch {
            throw BPFError(.malformed, "the instructions of the program \(program.id) cannot be decoded", cause: error)
        }
        let types = (try? program.types()) ?? nil
        let functions = Self.functions(code, types)
        var annotations: [Int: InstructionAnnotation] = [:]
        for (slot, name) in functions { annotations[slot, default: .init()].symbol = name }
        if let types { Self.addLines(code, types, to: &annotations) }
        Self.addRemarks(instructions, functions: functions, to: &annotations)
        self.annotations = annotations
    }

    /// The names of the program's functions in the order of their instructions; empty where it has no types.
    public var functionNames: [String] {
        annotations.sorted { $0.key < $1.key }.compactMap { $0.value.symbol }
    }

    /// The listing as text: source lines, instructions, and remarks behind them.
    public var text: String {
        Disassembler().listing(of: instructions) { slot, _ in annotations[slot] }
    }

    /// The names of the functions by their first slots.
    private static func functions(_ code: ProgramCode, _ types: BTFTable?) -> [Int: String] {
        var names: [Int: String] = [:]
        let records = code.functionInformation.span.bytes
        for index in 0..<code.functionInformation.count / 8 {
            guard let slot = records.integer(at: index * 8, as: UInt32.self, order: .host),
                let type = records.integer(at: index * 8 + 4, as: UInt32.self, order: .host),
                case .function(let function)? = try? types?.type(BTFTypeID(type))
            else { continue }
            names[Int(slot)] = function.name
        }
        return names
    }

    private static func addLines(
        _ code: ProgramCode, _ types: BTFTable, to annotations: inout [Int: InstructionAnnotation]
    ) {
        let records = code.lineInformation.span.bytes
        var last: (file: UInt32, line: UInt32)?
        for index in 0..<code.lineInformation.count / 16 {
            let start = index * 16
            guard let slot = records.integer(at: start, as: UInt32.self, order: .host),
                let file = records.integer(at: start + 4, as: UInt32.self, order: .host),
                let text = records.integer(at: start + 8, as: UInt32.self, order: .host),
                let place = records.integer(at: start + 12, as: UInt32.self, order: .host)
            else { continue }
            // Several expressions of one line follow each other; the line is shown for the first.
            let line = place >> 10
            if let last, last == (file, line), annotations[Int(slot)]?.symbol == nil { continue }
            last = (file, line)
            let name = ((try? types.string(at: file)) ?? "?").split(separator: "/").last ?? "?"
            let source = ((try? types.string(at: text)) ?? "").drop { $0.isWhitespace }
            annotations[Int(slot), default: .init()].source.append("\(source) @ \(name):\(line)")
        }
    }

    private static func addRemarks(
        _ instructions: [Instruction], functions: [Int: String], to annotations: inout [Int: InstructionAnnotation]
    ) {
        var maps: [UInt32: String] = [:]
        func map(_ id: UInt32) -> String {
            if let known = maps[id] { return known }
            let name = (try? LiveMap(id: id))?.information.name ?? ""
            let text = name.isEmpty ? "map \(id)" : "map \(name) (\(id))"
            maps[id] = text
            return text
        }
        let helpers = kernelFunctions(instructions)
        for (slot, instruction) in instructions.enumerated() {
            var remark: String?
            switch (instruction.opcode, instruction.source) {
            // BPF_PSEUDO_MAP_FD and BPF_PSEUDO_MAP_VALUE: the dump has the map's number.
            case (0x18, 1), (0x18, 5): remark = map(UInt32(bitPattern: instruction.immediate))
            case (0x18, 2), (0x18, 6):
                let offset = slot + 1 < instructions.count ? instructions[slot + 1].immediate : 0
                remark = "\(map(UInt32(bitPattern: instruction.immediate))) + \(offset)"
            // BPF_PSEUDO_FUNC: the distance to the function.
            case (0x18, 4): remark = functions[slot + 1 + Int(instruction.immediate)].map { "address of \($0)" }
            // A call of another function: where code is compiled, the offset is the distance.
            case (0x85, 1):
                remark =
                    functions[slot + 1 + Int(instruction.offset)] ?? functions[slot + 1 + Int(instruction.immediate)]
            case (0x85, 0), (0x85, 2):
                remark = helpers[instruction.immediate]
                if remark == nil, instruction.immediate == -1 || instruction.immediate == 12 {
                    remark = "bpf_tail_call"
                }
            default: break
            }
            if let remark { annotations[slot, default: .init()].remark = remark }
        }
    }

    /// The names of called kernel functions by the number in the call: in a dump the distance from `__bpf_call_base`.
    private static func kernelFunctions(_ instructions: [Instruction]) -> [Int32: String] {
        let calls = Set(
            instructions.filter { $0.opcode == 0x85 && ($0.source == 0 || $0.source == 2) }.map(\.immediate))
        guard !calls.isEmpty, let base = (try? KernelSymbols.address(of: "__bpf_call_base")) ?? nil, base != 0 else {
            return [:]
        }
        let addresses = Dictionary(calls.map { ($0, base &+ UInt64(bitPattern: Int64($0))) }) { first, _ in first }
        let names = (try? KernelSymbols.names(at: Set(addresses.values))) ?? [:]
        return addresses.compactMapValues { names[$0] }
    }
}
