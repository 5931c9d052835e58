// SPDX-License-Identifier: Apache-2.0

/// What the caller of ``Disassembler`` knows about an instruction.
public struct InstructionAnnotation: Sendable, Hashable {
    /// The name of the function or label that starts here.
    public var symbol: String?
    /// Source lines that belong here, printed before the instruction.
    public var source: [String]
    /// A remark behind the instruction: the called helper's or function's name, the loaded map, the jump's target.
    public var remark: String?

    /// Makes an annotation.
    public init(symbol: String? = nil, source: [String] = [], remark: String? = nil) {
        self.symbol = symbol
        self.source = source
        self.remark = remark
    }
}

/// Prints slots as assembler text.
///
/// Slots that form no instruction are printed as `.8byte 0x…`, with the reason behind it, so that
/// ``Assembler/assemble(_:)`` gives back the same slots whatever they are. (In the kernel's style a wide load looks
/// like a move; the opcode in front tells them apart.)
///
/// ```swift
/// let listing = Disassembler(style: .llvm).listing(of: instructions) { slot, operation in
///     if case .callHelper(let id)? = operation {
///         return InstructionAnnotation(remark: HelperTable.helper(id: id)?.name)
///     }
///     return nil
/// }
/// ```
public struct Disassembler: Sendable {
    /// Whose spelling to use.
    public var style: DisassemblyStyle

    /// Makes a disassembler.
    public init(style: DisassemblyStyle = .llvm) {
        self.style = style
    }

    /// One printed instruction, or one slot that is none.
    public struct Line: Sendable, Hashable {
        /// The index of its first slot.
        public let slot: Int
        /// The number of slots: 2 for a wide load, else 1.
        public let slotCount: Int
        /// What it does, or `nil` when the slot is no instruction.
        public let operation: Operation?
        /// Why the slot is no instruction.
        public let error: InstructionError?
        /// The instruction's text, or `.8byte 0x…`.
        public let text: String
    }

    /// Prints every instruction on its own, without indices.
    ///
    /// - Complexity: O(n).
    public func lines(of instructions: [Instruction]) -> [Line] {
        var lines: [Line] = []
        lines.reserveCapacity(instructions.count)
        var slot = 0
        while slot < instructions.count {
            let instruction = instructions[slot]
            let next = slot + 1 < instructions.count ? instructions[slot + 1] : nil
            do throws(InstructionError) {
                let operation = try instruction.decoded(followedBy: next)
                let text = operation.text(style)
                lines.append(
                    Line(slot: slot, slotCount: operation.slotCount, operation: operation, error: nil, text: text))
                slot += operation.slotCount
            } catch {
                let reason = InstructionError(error.code, error.message, slot: slot, hint: error.hint)
                let text = ".8byte " + hexadecimal(instruction.rawBits)
                lines.append(Line(slot: slot, slotCount: 1, operation: nil, error: reason, text: text))
                slot += 1
            }
        }
        return lines
    }

    /// Prints a listing: `index: text ; remark` lines, with symbols and source lines in between.
    ///
    /// - Parameters:
    ///   - instructions: the slots of one function or section.
    ///   - annotate: what the caller knows about the instruction at a slot; its operation is `nil` when it is none.
    /// - Complexity: O(n).
    public func listing(
        of instructions: [Instruction],
        annotate: (_ slot: Int, _ operation: Operation?) -> InstructionAnnotation? = { _, _ in nil }
    ) -> String {
        var listing = ""
        for line in lines(of: instructions) {
            let annotation = annotate(line.slot, line.operation)
            if let symbol = annotation?.symbol { listing += "<\(symbol)>:\n" }
            for source in annotation?.source ?? [] { listing += "; \(Self.singleLine(source))\n" }
            let index = "\(line.slot)"
            listing += String(repeating: " ", count: max(0, 8 - index.utf8.count)) + index + ": "
            if style == .kernel {
                let opcode = hexadecimal(instructions[line.slot].opcode).dropFirst(2)
                listing += "(\(opcode.count == 1 ? "0" : "")\(opcode)) "
            }
            listing += line.text
            if let remark = annotation?.remark ?? line.error?.message { listing += " ; \(Self.singleLine(remark))" }
            listing += "\n"
        }
        return listing
    }

    /// Text from a file, without the line ends that would break the listing.
    private static func singleLine(_ text: String) -> String {
        String(text.map { $0.isNewline ? " " : $0 })
    }
}

extension Instruction {
    /// The slot's eight bytes as a number, in the layout of a little-endian host.
    public var rawBits: UInt64 {
        UInt64(opcode) | UInt64(registers) << 8 | UInt64(UInt16(bitPattern: offset)) << 16
            | UInt64(UInt32(bitPattern: immediate)) << 32
    }

    /// Makes a slot from its eight bytes as a number, in the layout of a little-endian host.
    public init(rawBits: UInt64) {
        self.init(
            opcode: UInt8(truncatingIfNeeded: rawBits), offset: Int16(truncatingIfNeeded: rawBits >> 16),
            immediate: Int32(truncatingIfNeeded: rawBits >> 32))
        registers = UInt8(truncatingIfNeeded: rawBits >> 8)
    }
}
