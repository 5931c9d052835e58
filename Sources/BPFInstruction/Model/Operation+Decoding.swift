// SPDX-License-Identifier: Apache-2.0

extension Instruction {
    /// Reads what the slot does.
    ///
    /// Fields that the operation does not use must be zero and registers must be 0 to 10, as the kernel and RFC 9669
    /// demand; so every operation has exactly one encoding.
    ///
    /// - Parameter next: the slot after this one, which a wide load takes too.
    /// - Throws: ``InstructionError`` with code ``InstructionError/Code/invalidInstruction`` and the exact reason, or
    ///   ``InstructionError/Code/truncated`` for a wide load without a second slot.
    public func decoded(followedBy next: Instruction? = nil) throws(InstructionError) -> Operation {
        switch instructionClass {
        case .load: return try decodedLoad(followedBy: next)
        case .loadMemory, .storeImmediate, .storeRegister: return try decodedMemory()
        case .arithmetic32: return try decodedArithmetic(.word)
        case .arithmetic64: return try decodedArithmetic(.doubleWord)
        case .jump: return try decodedJump(.doubleWord)
        case .jump32: return try decodedJump(.word)
        }
    }

    private func decodedLoad(followedBy next: Instruction?) throws(InstructionError) -> Operation {
        switch mode {
        case 0x00 where opcode == 0x18: return try decodedWideLoad(followedBy: next)
        case 0x20:
            guard accessSize != 8 else { throw unknownOpcode }
            try require(destination: 0, source: 0, offset: 0)
            return .loadPacket(MemorySize(opcode: opcode), offset: immediate)
        case 0x40:
            guard accessSize != 8 else { throw unknownOpcode }
            try require(destination: 0, offset: 0)
            return .loadPacketIndirect(
                MemorySize(opcode: opcode), source: try register(source, "source"), offset: immediate)
        default: throw unknownOpcode
        }
    }

    private func decodedWideLoad(followedBy next: Instruction?) throws(InstructionError) -> Operation {
        let destination = try register(destination, "destination")
        try require(offset: 0)
        guard let next else {
            throw InstructionError(.truncated, "the 64-bit immediate load lacks its second slot")
        }
        guard next.opcode == 0, next.registers == 0, next.offset == 0 else {
            throw Self.invalid("the second slot of a 64-bit immediate load has more than an immediate")
        }
        let value: WideValue
        switch source {
        case PseudoLoad.constant:
            let low = UInt64(UInt32(bitPattern: immediate))
            value = .constant(UInt64(UInt32(bitPattern: next.immediate)) << 32 | low)
        case PseudoLoad.mapValue: value = .mapValue(descriptor: immediate, offset: next.immediate)
        case PseudoLoad.kernelVariable: value = .kernelVariable(id: immediate, object: next.immediate)
        case PseudoLoad.mapIndexValue: value = .mapIndexValue(immediate, offset: next.immediate)
        case PseudoLoad.mapDescriptor, PseudoLoad.function, PseudoLoad.mapIndex:
            guard next.immediate == 0 else {
                throw Self.invalid("the second immediate is \(next.immediate), but must be 0 for source \(source)")
            }
            value =
                switch source {
                case PseudoLoad.mapDescriptor: .map(descriptor: immediate)
                case PseudoLoad.function: .function(distance: immediate)
                default: .mapIndex(immediate)
                }
        default: throw Self.invalid("a 64-bit immediate load has no source \(source)")
        }
        return .wideLoad(destination: destination, value)
    }

    private func decodedMemory() throws(InstructionError) -> Operation {
        let size = MemorySize(opcode: opcode)
        let destination = try register(destination, "destination")
        let source = try register(source, "source")
        switch (instructionClass, mode) {
        case (.loadMemory, 0x60), (.loadMemory, 0x80):
            guard mode == 0x60 || size != .doubleWord else { throw unknownOpcode }
            try require(immediate: 0)
            return .load(size, destination: destination, base: source, offset: offset, isSigned: mode == 0x80)
        case (.storeImmediate, 0x60):
            try require(source: 0)
            return .store(size, base: destination, offset: offset, .constant(immediate))
        case (.storeRegister, 0x60):
            try require(immediate: 0)
            return .store(size, base: destination, offset: offset, .register(source))
        case (.storeRegister, 0xc0):
            if immediate == 0x100 {
                return .loadAcquire(size, destination: destination, base: source, offset: offset)
            }
            if immediate == 0x110 { return .storeRelease(size, base: destination, offset: offset, source: source) }
            guard let name = AtomicOperator(immediate: immediate) else {
                throw Self.invalid("there is no atomic operation \(hexadecimal(immediate))")
            }
            guard size == .word || size == .doubleWord else {
                throw Self.invalid("an atomic operation works on 4 or 8 bytes, not on \(size.rawValue)")
            }
            return .atomic(name, size, base: destination, offset: offset, source: source)
        default: throw unknownOpcode
        }
    }

    private func decodedArithmetic(_ width: OperandWidth) throws(InstructionError) -> Operation {
        let destination = try register(destination, "destination")
        switch operation {
        case 0x80:
            guard !usesSourceRegister else { throw unknownOpcode }
            try require(source: 0, offset: 0, immediate: 0)
            return .negate(width, destination: destination)
        case 0xd0:
            guard width == .word || !usesSourceRegister else { throw unknownOpcode }
            try require(source: 0, offset: 0)
            guard immediate == 16 || immediate == 32 || immediate == 64 else {
                throw Self.invalid("bytes are swapped in 16, 32 or 64 bits, not in \(immediate)")
            }
            let swap: ByteSwap =
                width == .doubleWord ? .unconditional : usesSourceRegister ? .bigEndian : .littleEndian
            return .swapBytes(swap, destination: destination, bits: Int(immediate))
        case 0xb0 where usesSourceRegister && offset != 0:
            return try decodedExtendedMove(width, destination)
        default: break
        }
        let isSigned = (operation == 0x30 || operation == 0x90) && offset == 1
        if !isSigned { try require(offset: 0) }
        let name: ArithmeticOperator
        switch operation {
        case 0x00: name = .add
        case 0x10: name = .subtract
        case 0x20: name = .multiply
        case 0x30: name = isSigned ? .signedDivide : .divide
        case 0x40: name = .or
        case 0x50: name = .and
        case 0x60: name = .shiftLeft
        case 0x70: name = .shiftRight
        case 0x90: name = isSigned ? .signedModulo : .modulo
        case 0xa0: name = .xor
        case 0xb0: name = .move
        case 0xc0: name = .arithmeticShiftRight
        default: throw unknownOpcode
        }
        return .arithmetic(name, width, destination: destination, try operand())
    }

    private func decodedExtendedMove(_ width: OperandWidth, _ destination: UInt8) throws(InstructionError) -> Operation
    {
        let source = try register(source, "source")
        if width == .doubleWord, offset == 1 {
            let spaces = UInt32(bitPattern: immediate)
            return .castAddressSpace(
                destination: destination, source: source, to: UInt16(truncatingIfNeeded: spaces >> 16),
                from: UInt16(truncatingIfNeeded: spaces))
        }
        guard offset == 8 || offset == 16 || (offset == 32 && width == .doubleWord) else {
            throw Self.invalid("a move of \(width.rawValue) bits cannot extend the sign of \(offset) bits")
        }
        try require(immediate: 0)
        return .moveSignExtended(width, destination: destination, source: source, bits: Int(offset))
    }

    private func decodedJump(_ width: OperandWidth) throws(InstructionError) -> Operation {
        switch opcode {
        case 0x05:
            try require(destination: 0, source: 0, immediate: 0)
            return .jump(distance: offset)
        case 0x06:
            try require(destination: 0, source: 0, offset: 0)
            return .longJump(distance: immediate)
        case 0x0d:
            try require(source: 0, offset: 0, immediate: 0)
            return .jumpToRegister(try register(destination, "destination"))
        case 0x85: return try decodedCall()
        case 0x8d:
            try require(source: 0, offset: 0, immediate: 0)
            return .callRegister(try register(destination, "destination"))
        case 0x95:
            try require(destination: 0, source: 0, offset: 0, immediate: 0)
            return .exit
        case 0xe5:
            try require(destination: 0, source: 0, immediate: 0)
            return .mayJump(distance: offset)
        default: break
        }
        guard let comparison = Comparison.allCases.first(where: { $0.opcodeBits == operation }) else {
            throw unknownOpcode
        }
        let destination = try register(destination, "destination")
        return .conditionalJump(comparison, width, destination, try operand(), distance: offset)
    }

    private func decodedCall() throws(InstructionError) -> Operation {
        try require(destination: 0)
        if source != PseudoCall.kernelFunction { try require(offset: 0) }
        switch source {
        case PseudoCall.helper: return .callHelper(id: immediate)
        case PseudoCall.local: return .callLocal(distance: immediate)
        case PseudoCall.kernelFunction: return .callKernelFunction(id: immediate, module: offset)
        default: throw Self.invalid("a call has no source \(source)")
        }
    }

    /// The second operand of an arithmetic operation or a comparison.
    private func operand() throws(InstructionError) -> Operand {
        if usesSourceRegister {
            try require(immediate: 0)
            return .register(try register(source, "source"))
        }
        try require(source: 0)
        return .constant(immediate)
    }

    private func register(_ number: UInt8, _ role: String) throws(InstructionError) -> UInt8 {
        guard number <= 10 else { throw Self.invalid("the \(role) register is r\(number), but the last one is r10") }
        return number
    }

    private func require(
        destination: UInt8? = nil, source: UInt8? = nil, offset: Int16? = nil, immediate: Int32? = nil
    ) throws(InstructionError) {
        if let destination, self.destination != destination { throw reserved("destination", Int(self.destination)) }
        if let source, self.source != source { throw reserved("source", Int(self.source)) }
        if let offset, self.offset != offset { throw reserved("offset", Int(self.offset)) }
        if let immediate, self.immediate != immediate { throw reserved("immediate", Int(self.immediate)) }
    }

    private func reserved(_ field: String, _ value: Int) -> InstructionError {
        Self.invalid("opcode \(hexadecimal(opcode)) does not use the \(field) field, but it is \(value) and not 0")
    }

    private var unknownOpcode: InstructionError { Self.invalid("there is no opcode \(hexadecimal(opcode))") }

    private static func invalid(_ message: String) -> InstructionError {
        InstructionError(.invalidInstruction, message)
    }
}

/// A number as `0x1f`, with the bit pattern of negative ones.
func hexadecimal(_ value: some FixedWidthInteger) -> String {
    let text = String(UInt64(truncatingIfNeeded: value), radix: 16)
    // A negative number of a narrow type has its sign in the upper digits: keep only the type's own.
    return "0x" + text.suffix(Int(value.bitWidth / 4))
}
