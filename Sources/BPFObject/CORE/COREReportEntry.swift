// SPDX-License-Identifier: Apache-2.0

public import BTF

/// Why an instruction was made invalid. It does no harm in code that the program never reaches on this kernel.
public enum COREPoisonReason: Sendable, Hashable {
    /// The target has no such field, type or enumerator.
    case missing
    /// The field has another size, and is neither a pointer nor an unsigned integer in both.
    case unsafeSize(local: Int, target: Int)
}

/// A type of a target that a relocation was resolved with.
public struct CORECandidate: Sendable, Hashable {
    /// The name of the ``CORETarget``.
    public let target: String
    /// The type's id there.
    public let id: BTFTypeID
    /// The type's name there, flavour included.
    public let name: String
}

/// What became of one relocation; ``description`` says it in a line.
///
/// The verifier calls a poisoned instruction "invalid func unknown#195896080"; a reader of its log wants to see
/// ``description`` of the entry with that ``instructionIndex`` instead.
public struct COREReportEntry: Sendable, Hashable, CustomStringConvertible {
    /// The instruction, as an index into the array that was relocated.
    public let instructionIndex: Int
    /// What was asked.
    public let kind: CORERelocationKind
    /// The id of the local type.
    public let localType: BTFTypeID
    /// The field, enumerator or type as C writes it, such as `task_struct.mm.total_vm`.
    public let accessor: String
    /// What the compiler put in.
    public let localValue: UInt64
    /// What was put in instead; `nil` when the instruction was poisoned.
    public let targetValue: UInt64?
    /// Why it was poisoned, if it was.
    public let poison: COREPoisonReason?
    /// The types that it was resolved with.
    public let candidates: [CORECandidate]

    /// The entry as one line, such as `byte_off of task_struct.pid: 0 -> 2464`.
    public var description: String {
        let question = "\(kind.name) of \(accessor)"
        switch poison {
        case nil: return "\(question): \(localValue) -> \(targetValue.map(String.init) ?? "")"
        case .missing: return "\(question): this kernel has no \(accessor)"
        case .unsafeSize(let local, let target):
            return
                "\(question): the field has \(target) bytes in this kernel, not \(local), and cannot be resized safely"
        }
    }
}
