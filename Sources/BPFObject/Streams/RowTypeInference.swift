// SPDX-License-Identifier: Apache-2.0

import BPFInstruction
import BTF
import DWARF
import ELF

/// Finds the type of the variable that a call sends, in the debug information.
struct RowTypeInference {
    /// A type of the debug information, and the name of the variable that has it.
    struct Found {
        var type: DWARFTypeID
        var variable: String
        var size: Int
    }

    let spec: ObjectSpec
    let information: DWARFInformation
    let file: ELFFile

    /// How far a value is followed through registers after it was made.
    private static let followedInstructions = 24

    func type(of call: OutputCall) -> Found? {
        guard let function = spec.functions[call.function],
            let section = file.section(named: function.section)?.index
        else { return nil }
        switch call.form {
        case .reserve:
            return reserved(at: call.instruction, call, function, section)
        case .copy(from: .reserved(let instruction)):
            return reserved(at: instruction, call, function, section)
        case .copy(from: .stack(let displacement)):
            let place = offset(of: call.instruction, in: function)
            let exact =
                (try? information.stackVariables(
                    inSection: section, at: place, displacement: Int64(displacement),
                    size: call.size.map { UInt64($0) },
                    frameSize: frameSize(of: function))) ?? []
            return best(exact, call, pointers: false) ?? nearby(call, function, section, pointers: false)
        case .copy(from: .argument(let index)):
            let place = offset(of: call.instruction, in: function)
            let parameters = ((try? information.variables(inSection: section, at: place)) ?? [])
                .filter { $0.isParameter && $0.depth == 0 }
            return parameters.indices.contains(index)
                ? best([parameters[index]], call, pointers: true) ?? nearby(call, function, section, pointers: true)
                : nearby(call, function, section, pointers: true)
        case .copy(from: .unknown):
            return nearby(call, function, section, pointers: true) ?? nearby(call, function, section, pointers: false)
        case .copy(from: .mapValue):
            // A map of bytes may hold records of several types, which only a variable tells.
            return nearby(call, function, section, pointers: true)
        }
    }

    /// The deepest place of the stack that a function uses, in bytes, rounded up to 8.
    private func frameSize(of function: FunctionSpec) -> UInt64? {
        var deepest = 0
        var copies: Set<UInt8> = []
        for code in function.instructions {
            let isLoad = code.opcode & 0x07 == 0x01
            let isStore = code.opcode & 0x07 == 0x02 || code.opcode & 0x07 == 0x03
            if (isLoad && code.source == 10) || (isStore && code.destination == 10) {
                deepest = min(deepest, Int(code.offset))
            }
            if code.opcode == 0xbf, code.source == 10 {
                copies.insert(code.destination)
            } else if code.opcode == 0x07, copies.contains(code.destination) {
                deepest = min(deepest, Int(code.immediate))
                copies.remove(code.destination)
            } else if code.opcode & 0x07 != 0x02, code.opcode & 0x07 != 0x03 {
                copies.remove(code.destination)
            }
        }
        return deepest < 0 && deepest >= -512 ? UInt64((-deepest + 7) / 8 * 8) : nil
    }

    private func offset(of instruction: Int, in function: FunctionSpec) -> UInt64 {
        UInt64(function.sectionOffset + instruction * Instruction.size)
    }

    /// The variable that holds what a reservation answered: in r0 behind the call, or wherever r0 is copied to.
    private func reserved(
        at instruction: Int, _ call: OutputCall, _ function: FunctionSpec, _ section: Int
    ) -> Found? {
        var holders: Set<UInt8> = [0]
        var places = [DWARFRegisterPlace(offset: offset(of: instruction + 1, in: function), register: 0)]
        for index in (instruction + 1)..<(instruction + 1 + Self.followedInstructions) {
            guard function.instructions.indices.contains(index) else { break }
            let code = function.instructions[index]
            if code.isCall { holders.subtract([0, 1, 2, 3, 4, 5]) }
            let isCopy = code.opcode == 0xbf && code.offset == 0 && holders.contains(code.source)
            let writes = [0x04, 0x07, 0x00, 0x01].contains(code.opcode & 0x07)
            if isCopy {
                holders.insert(code.destination)
            } else if writes {
                holders.remove(code.destination)
            }
            for register in holders.sorted() {
                places.append(
                    DWARFRegisterPlace(offset: offset(of: index + 1, in: function), register: Int(register)))
            }
            if holders.isEmpty { break }
        }
        let holding = (try? information.variables(inSection: section, holding: places)) ?? []
        return best(holding, call, pointers: true) ?? nearby(call, function, section, pointers: true)
    }

    /// Any variable in sight whose type has the record's size.
    private func nearby(_ call: OutputCall, _ function: FunctionSpec, _ section: Int, pointers: Bool) -> Found? {
        guard call.size != nil else { return nil }
        for distance in [0, 1, 2, 4, 8] {
            let place = offset(of: call.instruction + distance, in: function)
            guard place < UInt64(function.sectionOffset + function.instructions.count * Instruction.size) else { break }
            let visible = (try? information.variables(inSection: section, at: place)) ?? []
            if let found = best(visible, call, pointers: pointers) { return found }
        }
        return nil
    }

    /// The first variable that is, or points to, a record of the call's size.
    private func best(_ variables: [DWARFVariable], _ call: OutputCall, pointers: Bool) -> Found? {
        var second: Found?
        for variable in variables {
            guard let summary = try? information.summary(of: variable.type) else { continue }
            let fits = call.size.map { UInt64($0) == summary.size } ?? true
            let found = Found(type: summary.target, variable: variable.name, size: Int(clamping: summary.size))
            switch summary.shape {
            case .pointerToComposite where pointers && fits && summary.size > 0: return found
            case .composite where !pointers && fits: return found
            case .array where !pointers && fits, .scalar where !pointers && fits, .pointer where pointers && fits:
                if second == nil, summary.size > 0 { second = found }
            // A record may be longer than its type: a flexible array follows.
            case .pointerToComposite where pointers && summary.size > 0 && call.size == nil: return found
            default: break
            }
        }
        return second
    }
}
