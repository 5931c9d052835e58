// SPDX-License-Identifier: Apache-2.0

extension Operation: CustomStringConvertible {
    /// The operation in LLVM's spelling.
    public var description: String { text(.llvm) }

    /// The operation as assembler text.
    public func text(_ style: DisassemblyStyle) -> String {
        switch self {
        case .arithmetic(let name, let width, let destination, let operand):
            return "\(width.register(destination)) \(name.rawValue) \(width.text(operand))"
        case .negate(let width, let destination):
            return "\(width.register(destination)) = -\(width.register(destination))"
        case .moveSignExtended(let width, let destination, let source, let bits):
            return "\(width.register(destination)) = (s\(bits))\(width.register(source))"
        case .castAddressSpace(let destination, let source, let to, let from):
            return "r\(destination) = addr_space_cast(r\(source), \(to), \(from))"
        case .swapBytes(let swap, let destination, let bits):
            return "r\(destination) = \(swap.rawValue)\(bits) r\(destination)"
        case .wideLoad(let destination, let value):
            return "r\(destination) = \(Self.text(value, style))"
        case .jump, .longJump, .jumpToRegister, .conditionalJump, .mayJump, .callHelper, .callLocal,
            .callKernelFunction, .callRegister, .exit:
            return controlText(style)
        default: return memoryText(style)
        }
    }

    private func memoryText(_ style: DisassemblyStyle) -> String {
        switch self {
        case .loadPacket(let size, let offset): return "r0 = *(\(size.typeName) *)skb[\(offset)]"
        case .loadPacketIndirect(let size, let source, let offset):
            // LLVM's syntax cannot say an offset, which then is 0.
            if style == .llvm, offset == 0 { return "r0 = *(\(size.typeName) *)skb[r\(source)]" }
            return "r0 = *(\(size.typeName) *)skb[r\(source) + \(offset)]"
        case .load(let size, let destination, let base, let offset, let isSigned):
            let type = isSigned ? size.signedTypeName : size.typeName
            return "r\(destination) = *(\(type) *)(\(Self.address(base, offset, style)))"
        case .store(let size, let base, let offset, let operand):
            let value = OperandWidth.doubleWord.text(operand)
            return "*(\(size.typeName) *)(\(Self.address(base, offset, style))) = \(value)"
        case .atomic(let name, let size, let base, let offset, let source):
            return Self.atomicText(name, size, Self.address(base, offset, style), source, style)
        case .loadAcquire(let size, let destination, let base, let offset):
            let register = Self.register(destination, size, style)
            return "\(register) = load_acquire((\(size.typeName) *)(\(Self.address(base, offset, style))))"
        case .storeRelease(let size, let base, let offset, let source):
            let register = Self.register(source, size, style)
            return "store_release((\(size.typeName) *)(\(Self.address(base, offset, style))), \(register))"
        default: return ""
        }
    }

    private func controlText(_ style: DisassemblyStyle) -> String {
        let to = style == .kernel ? "pc" : ""
        switch self {
        case .jump(let distance): return "goto \(to)\(Self.signed(distance))"
        case .longJump(let distance): return "gotol \(to)\(Self.signed(distance))"
        case .mayJump(let distance): return "may_goto \(to)\(Self.signed(distance))"
        case .jumpToRegister(let register): return "gotox r\(register)"
        case .conditionalJump(let comparison, let width, let register, let operand, let distance):
            var right = width.text(operand)
            if style == .kernel, case .constant(let constant) = operand { right = hexadecimal(constant) }
            let left = width.register(register)
            return "if \(left) \(comparison.rawValue) \(right) goto \(to)\(Self.signed(distance))"
        case .callHelper(let id):
            guard style == .kernel else { return "call \(id)" }
            return "call \(HelperTable.helper(id: id)?.name ?? "unknown")#\(id)"
        case .callLocal(let distance): return "call pc\(Self.signed(distance))"
        case .callKernelFunction(let id, let module):
            return "call kernel-function#\(id)" + (module == 0 ? "" : "@\(module)")
        case .callRegister(let register): return "callx r\(register)"
        default: return "exit"
        }
    }

    private static func atomicText(
        _ name: AtomicOperator, _ size: MemorySize, _ address: String, _ source: UInt8, _ style: DisassemblyStyle
    ) -> String {
        let register = register(source, size, style)
        let location = "(\(size.typeName) *)(\(address))"
        let suffix = style == .kernel && size == .doubleWord ? "64" : ""
        let (operation, sign, fetch): (String, String, Bool)
        switch name {
        case .add(let fetches): (operation, sign, fetch) = ("add", "+=", fetches)
        case .or(let fetches): (operation, sign, fetch) = ("or", "|=", fetches)
        case .and(let fetches): (operation, sign, fetch) = ("and", "&=", fetches)
        case .xor(let fetches): (operation, sign, fetch) = ("xor", "^=", fetches)
        case .exchange:
            guard style == .llvm else { return "\(register) = atomic\(suffix)_xchg(\(location), \(register))" }
            return "\(register) = \(size == .doubleWord ? "xchg_64" : "xchg32_32")(\(address), \(register))"
        case .compareExchange:
            let old = Self.register(0, size, style)
            guard style == .llvm else { return "\(old) = atomic\(suffix)_cmpxchg(\(location), \(old), \(register))" }
            let function = size == .doubleWord ? "cmpxchg_64" : "cmpxchg32_32"
            return "\(old) = \(function)(\(address), \(old), \(register))"
        }
        guard fetch else { return "lock *\(location) \(sign) \(register)" }
        return "\(register) = atomic\(suffix)_fetch_\(operation)(\(location), \(register))"
    }

    private static func text(_ value: WideValue, _ style: DisassemblyStyle) -> String {
        switch value {
        case .constant(let constant):
            style == .kernel ? hexadecimal(constant) : "\(Int64(bitPattern: constant)) ll"
        case .map(let descriptor): "map_fd(\(descriptor)) ll"
        case .mapValue(let descriptor, let offset): "map_value(\(descriptor), \(offset)) ll"
        case .kernelVariable(let id, let object): "kernel_variable(\(id), \(object)) ll"
        case .function(let distance): "function(pc\(signed(distance))) ll"
        case .mapIndex(let index): "map_index(\(index)) ll"
        case .mapIndexValue(let index, let offset): "map_index_value(\(index), \(offset)) ll"
        }
    }

    private static func address(_ base: UInt8, _ offset: Int16, _ style: DisassemblyStyle) -> String {
        switch style {
        case .llvm: "r\(base) \(offset < 0 ? "-" : "+") \(offset.magnitude)"
        case .kernel: "r\(base) \(signed(offset))"
        }
    }

    /// The register that an access of this size reads or writes: LLVM shows that only 32 bits count, the kernel not.
    private static func register(_ number: UInt8, _ size: MemorySize, _ style: DisassemblyStyle) -> String {
        style == .llvm && size != .doubleWord ? "w\(number)" : "r\(number)"
    }

    private static func signed(_ distance: some SignedInteger) -> String {
        distance < 0 ? "\(distance)" : "+\(distance)"
    }
}

extension OperandWidth {
    fileprivate func register(_ number: UInt8) -> String { self == .word ? "w\(number)" : "r\(number)" }

    fileprivate func text(_ operand: Operand) -> String {
        switch operand {
        case .register(let number): register(number)
        case .constant(let constant): "\(constant)"
        }
    }
}

extension MemorySize {
    /// The type's name in assembler text, such as `u32`.
    var typeName: String { "u\(rawValue &* 8)" }
    /// The signed type's name in assembler text, such as `s32`.
    var signedTypeName: String { "s\(rawValue &* 8)" }
}
