// SPDX-License-Identifier: Apache-2.0

extension Operation {
    /// The slots of the operation: two for a wide load, one for everything else.
    public var instructions: [Instruction] {
        if case .wideLoad(let destination, let value) = self {
            return Self.wideLoad(value, into: destination)
        }
        return [instruction]
    }

    /// The number of slots: 2 for a wide load, else 1.
    public var slotCount: Int {
        if case .wideLoad = self { return 2 }
        return 1
    }

    /// The only slot, or the first of a wide load.
    private var instruction: Instruction {
        switch self {
        case .arithmetic(let name, let width, let destination, let operand):
            return Instruction(
                opcode: width.arithmeticClass | name.opcodeBits, destination: destination, operand: operand,
                offset: name.isSignedByOffset ? 1 : 0)
        case .negate(let width, let destination):
            return Instruction(opcode: width.arithmeticClass | 0x80, destination: destination)
        case .moveSignExtended(let width, let destination, let source, let bits):
            return Instruction(
                opcode: width.arithmeticClass | 0xb8, destination: destination, source: source,
                offset: Int16(truncatingIfNeeded: bits))
        case .castAddressSpace(let destination, let source, let to, let from):
            return Instruction(
                opcode: 0xbf, destination: destination, source: source, offset: 1,
                immediate: Int32(bitPattern: UInt32(to) << 16 | UInt32(from)))
        case .swapBytes(let swap, let destination, let bits):
            let opcode: UInt8 =
                switch swap {
                case .littleEndian: 0xd4
                case .bigEndian: 0xdc
                case .unconditional: 0xd7
                }
            return Instruction(opcode: opcode, destination: destination, immediate: Int32(truncatingIfNeeded: bits))
        case .wideLoad(let destination, let value):
            return Self.wideLoad(value, into: destination)[0]
        case .jump, .longJump, .jumpToRegister, .conditionalJump, .mayJump, .callHelper, .callLocal,
            .callKernelFunction, .callRegister, .exit:
            return controlInstruction
        default:
            return memoryInstruction
        }
    }

    private var memoryInstruction: Instruction {
        switch self {
        case .loadPacket(let size, let offset):
            return Instruction(opcode: 0x20 | size.opcodeBits, immediate: offset)
        case .loadPacketIndirect(let size, let source, let offset):
            return Instruction(opcode: 0x40 | size.opcodeBits, source: source, immediate: offset)
        case .load(let size, let destination, let base, let offset, let isSigned):
            return Instruction(
                opcode: (isSigned ? 0x81 : 0x61) | size.opcodeBits, destination: destination, source: base,
                offset: offset)
        case .store(let size, let base, let offset, .constant(let constant)):
            return Instruction(
                opcode: 0x62 | size.opcodeBits, destination: base, offset: offset, immediate: constant)
        case .store(let size, let base, let offset, .register(let source)):
            return Instruction(opcode: 0x63 | size.opcodeBits, destination: base, source: source, offset: offset)
        case .atomic(let name, let size, let base, let offset, let source):
            return Instruction(
                opcode: 0xc3 | size.opcodeBits, destination: base, source: source, offset: offset,
                immediate: name.immediate)
        case .loadAcquire(let size, let destination, let base, let offset):
            return Instruction(
                opcode: 0xc3 | size.opcodeBits, destination: destination, source: base, offset: offset,
                immediate: 0x100)
        case .storeRelease(let size, let base, let offset, let source):
            return Instruction(
                opcode: 0xc3 | size.opcodeBits, destination: base, source: source, offset: offset, immediate: 0x110)
        default:
            // Not reached: `instruction` sends only memory operations here.
            return Instruction(opcode: 0)
        }
    }

    private var controlInstruction: Instruction {
        switch self {
        case .jump(let distance): return Instruction(opcode: 0x05, offset: distance)
        case .longJump(let distance): return Instruction(opcode: 0x06, immediate: distance)
        case .jumpToRegister(let register): return Instruction(opcode: 0x0d, destination: register)
        case .conditionalJump(let comparison, let width, let register, let operand, let distance):
            return Instruction(
                opcode: (width == .word ? 0x06 : 0x05) | comparison.opcodeBits, destination: register,
                operand: operand, offset: distance)
        case .mayJump(let distance): return Instruction(opcode: 0xe5, offset: distance)
        case .callHelper(let id): return Instruction(opcode: 0x85, immediate: id)
        case .callLocal(let distance):
            return Instruction(opcode: 0x85, source: Instruction.PseudoCall.local, immediate: distance)
        case .callKernelFunction(let id, let module):
            return Instruction(
                opcode: 0x85, source: Instruction.PseudoCall.kernelFunction, offset: module, immediate: id)
        case .callRegister(let register): return Instruction(opcode: 0x8d, destination: register)
        default: return Instruction(opcode: 0x95)
        }
    }

    private static func wideLoad(_ value: WideValue, into destination: UInt8) -> [Instruction] {
        let (source, low, high): (UInt8, Int32, Int32) =
            switch value {
            case .constant(let constant):
                (0, Int32(truncatingIfNeeded: constant), Int32(truncatingIfNeeded: constant >> 32))
            case .map(let descriptor): (Instruction.PseudoLoad.mapDescriptor, descriptor, 0)
            case .mapValue(let descriptor, let offset): (Instruction.PseudoLoad.mapValue, descriptor, offset)
            case .kernelVariable(let id, let object): (Instruction.PseudoLoad.kernelVariable, id, object)
            case .function(let distance): (Instruction.PseudoLoad.function, distance, 0)
            case .mapIndex(let index): (Instruction.PseudoLoad.mapIndex, index, 0)
            case .mapIndexValue(let index, let offset): (Instruction.PseudoLoad.mapIndexValue, index, offset)
            }
        return [
            Instruction(opcode: 0x18, destination: destination, source: source, immediate: low),
            Instruction(opcode: 0x00, immediate: high),
        ]
    }
}

extension Instruction {
    /// Makes a slot whose opcode's source bit follows from the operand.
    fileprivate init(opcode: UInt8, destination: UInt8, operand: Operand, offset: Int16) {
        switch operand {
        case .register(let source):
            self.init(opcode: opcode | 0x08, destination: destination, source: source, offset: offset)
        case .constant(let constant):
            self.init(opcode: opcode, destination: destination, offset: offset, immediate: constant)
        }
    }
}

extension OperandWidth {
    /// The arithmetic class of this width.
    fileprivate var arithmeticClass: UInt8 { self == .word ? 0x04 : 0x07 }
}
