// SPDX-License-Identifier: Apache-2.0

import BPFObject

/// Every choice that was made while an object was loaded.
public struct LoadReport: Sendable {
    /// A choice.
    public enum Entry: Sendable {
        /// A program was not loaded because this kernel or machine refuses it.
        case skippedProgram(name: String, reason: BPFError)
        /// A map was made without the description of its types, which this kernel does not take.
        case untypedMap(name: String)
        /// The object's types were written for an older kernel.
        case loweredTypes
        /// The kernel took no types at all.
        case noTypes(reason: String)
        /// A weak symbol that the kernel does not have.
        case missingWeakSymbol(name: String)
        /// A CO-RE relocation could not be resolved; the verifier refuses the program if it gets there.
        case poisoned(function: String, text: String)
        /// A map was found by its pin and used again.
        case reusedPinnedMap(name: String, path: String)
        /// The records that a function fails to send are not counted, with the reason.
        case uncountedLosses(function: String, reason: String)
        /// What the verifier said about a program that it accepted.
        case verifierLog(program: String, text: String)
    }

    /// The programs that were left out, with the reasons.
    public var skippedPrograms: [(name: String, error: BPFError)] {
        entries.compactMap { entry in
            if case .skippedProgram(let name, let reason) = entry { return (name, reason) }
            return nil
        }
    }

    /// The choices as sentences.
    public var descriptions: [String] {
        entries.map { entry in
            switch entry {
            case .skippedProgram(let name, let reason): "the program \(name) is left out: \(reason.message)"
            case .untypedMap(let name): "the kernel does not take the types of the map \(name)"
            case .loweredTypes: "the object's types were written for an older kernel"
            case .noTypes(let reason): "the kernel does not take the object's types: \(reason)"
            case .missingWeakSymbol(let name): "the kernel has no \(name), which the object can do without"
            case .poisoned(let function, let text): "in \(function): \(text)"
            case .reusedPinnedMap(let name, let path): "the map \(name) is used again from \(path)"
            case .uncountedLosses(let function, let reason):
                "records that \(function) cannot send are not counted: \(reason)"
            case .verifierLog(let program, let text): "the verifier on \(program):\n\(text)"
            }
        }
    }

    /// The choices in the order in which they were made.
    public internal(set) var entries: [Entry] = []
}
