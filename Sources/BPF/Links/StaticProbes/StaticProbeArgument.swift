// SPDX-License-Identifier: Apache-2.0

/// Where a value of a static probe is, from the text of the probe's note: `8@%rdi`, `-4@-20(%rbp)`, `4@[sp, 12]`.
struct StaticProbeArgument: Hashable {
    /// Where the value is.
    enum Place: Hashable {
        /// It is this number.
        case constant(Int64)
        /// In a register, at an offset of `struct pt_regs`.
        case register(Int)
        /// In memory at a register and a distance.
        case memory(register: Int, distance: Int64)
        /// In memory at a register, another one times a power of two, and a distance.
        case indexed(register: Int, index: Int, shift: Int, distance: Int64)
    }

    var place: Place
    /// 1, 2, 4 or 8 bytes.
    var size: Int
    var isSigned: Bool

    /// The machines whose notation is known.
    enum Machine: Hashable, CaseIterable {
        case x86, arm64

        static var current: Machine? {
            #if arch(x86_64)
                .x86
            #elseif arch(arm64)
                .arm64
            #else
                nil
            #endif
        }
    }

    /// The kernel's programs can be told of no more (`BPF_USDT_MAX_ARG_CNT`).
    static let limit = 12

    /// Reads the text of a probe.
    ///
    /// - Returns: the values, or the text of the first one that is not understood.
    static func parse(_ text: String, for machine: Machine) -> Result<[StaticProbeArgument], Unreadable> {
        var arguments: [StaticProbeArgument] = []
        for word in words(text) {
            guard let argument = StaticProbeArgument(word, machine) else { return .failure(Unreadable(text: word)) }
            arguments.append(argument)
            if arguments.count > limit { return .failure(Unreadable(text: "more than \(limit) values")) }
        }
        return .success(arguments)
    }

    /// A value in a notation that is not understood.
    struct Unreadable: Error, Hashable {
        let text: String
    }

    /// The text in pieces: spaces inside brackets belong to a value.
    private static func words(_ text: String) -> [String] {
        var words: [String] = []
        var word = ""
        var depth = 0
        for character in text {
            switch character {
            case "(", "[": depth += 1
            case ")", "]": depth -= 1
            default: break
            }
            if character == " ", depth <= 0 {
                if !word.isEmpty { words.append(word) }
                word = ""
            } else {
                word.append(character)
            }
        }
        if !word.isEmpty { words.append(word) }
        return words
    }

    private init?(_ text: String, _ machine: Machine) {
        guard let at = text.firstIndex(of: "@"), let size = Int(text[..<at]), [1, 2, 4, 8].contains(size.magnitude)
        else { return nil }
        let operand = text[text.index(after: at)...].filter { $0 != " " }
        let found: Place? =
            switch machine {
            case .x86: Self.intelPlace(operand)
            case .arm64: Self.armPlace(operand)
            }
        guard let found else { return nil }
        place = found
        self.size = Int(size.magnitude)
        isSigned = size < 0
    }

    // MARK: - x86-64

    /// `$5`, `%rax`, `-8(%rbp)`, `(%rax)`, `16(%rax,%rcx,8)`.
    private static func intelPlace(_ text: String) -> Place? {
        if text.hasPrefix("$") { return number(text.dropFirst()).map { .constant($0) } }
        if text.hasPrefix("%") { return intelRegister(text.dropFirst()).map { .register($0) } }
        guard let open = text.firstIndex(of: "("), text.hasSuffix(")") else { return nil }
        let before = text[..<open]
        guard let distance = before.isEmpty ? 0 : number(before) else { return nil }
        let inside = text[text.index(after: open)...].dropLast()
        let parts = inside.split(separator: ",", omittingEmptySubsequences: false)
        guard let first = parts.first, first.hasPrefix("%"), let base = intelRegister(first.dropFirst()) else {
            return nil
        }
        if parts.count == 1 { return .memory(register: base, distance: distance) }
        guard parts.count <= 3, parts[1].hasPrefix("%"), let index = intelRegister(parts[1].dropFirst()) else {
            return nil
        }
        let shifts: [Substring: Int] = ["1": 0, "2": 1, "4": 2, "8": 3]
        guard let shift = parts.count == 3 ? shifts[parts[2]] : 0 else { return nil }
        return .indexed(register: base, index: index, shift: shift, distance: distance)
    }

    /// Offsets in `struct pt_regs` of arch/x86/include/asm/ptrace.h.
    private static func intelRegister(_ name: Substring) -> Int? {
        if name.hasPrefix("r"), let digit = name.dropFirst().first, digit.isNumber {
            // r8 to r15, with d, w or b for the lower part.
            let digits = name.dropFirst().prefix { $0.isNumber }
            let rest = name.dropFirst(1 + digits.count)
            guard let number = Int(digits), (8...15).contains(number), ["", "d", "w", "b"].contains(rest) else {
                return nil
            }
            return number <= 11 ? 72 - (number - 8) * 8 : 24 - (number - 12) * 8
        }
        switch name {
        case "rbp", "ebp", "bp", "bpl": return 32
        case "rbx", "ebx", "bx", "bl": return 40
        case "rax", "eax", "ax", "al": return 80
        case "rcx", "ecx", "cx", "cl": return 88
        case "rdx", "edx", "dx", "dl": return 96
        case "rsi", "esi", "si", "sil": return 104
        case "rdi", "edi", "di", "dil": return 112
        case "rip", "eip": return 128
        case "rsp", "esp", "sp", "spl": return 152
        default: return nil
        }
    }

    // MARK: - arm64

    /// `5`, `x0`, `[sp]`, `[sp,8]`, `[x0,x1]`, `[x0,x1,lsl3]`.
    private static func armPlace(_ text: String) -> Place? {
        if text.hasPrefix("["), text.hasSuffix("]") {
            let parts = text.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false)
            guard let first = parts.first, let base = armRegister(first) else { return nil }
            if parts.count == 1 { return .memory(register: base, distance: 0) }
            if parts.count == 2, let distance = number(parts[1].hasPrefix("#") ? parts[1].dropFirst() : parts[1]) {
                return .memory(register: base, distance: distance)
            }
            guard let index = armRegister(parts[1]) else { return nil }
            if parts.count == 2 { return .indexed(register: base, index: index, shift: 0, distance: 0) }
            guard parts.count == 3, parts[2].hasPrefix("lsl"),
                let shift = Int(parts[2].dropFirst(3).drop { $0 == "#" }), (0...3).contains(shift)
            else { return nil }
            return .indexed(register: base, index: index, shift: shift, distance: 0)
        }
        if let register = armRegister(text[...]) { return .register(register) }
        return number(text.hasPrefix("#") ? text.dropFirst() : text[...]).map { .constant($0) }
    }

    /// Offsets in `struct user_pt_regs` of arch/arm64/include/uapi/asm/ptrace.h.
    private static func armRegister(_ name: Substring) -> Int? {
        if name == "sp" || name == "wsp" { return 31 * 8 }
        guard let first = name.first, first == "x" || first == "w", let number = Int(name.dropFirst()),
            (0...30).contains(number)
        else { return nil }
        return number * 8
    }

    private static func number(_ text: Substring) -> Int64? {
        let isNegative = text.hasPrefix("-")
        let digits = isNegative ? text.dropFirst() : text
        let magnitude = digits.hasPrefix("0x") ? UInt64(digits.dropFirst(2), radix: 16) : UInt64(digits)
        guard let magnitude else { return nil }
        // A number beyond half of the range stands for its bits.
        return isNegative ? 0 &- Int64(bitPattern: magnitude) : Int64(bitPattern: magnitude)
    }
}
