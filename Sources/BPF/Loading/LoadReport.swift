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
        /// A map was not made, because this kernel does not have its kind or the caller does not want it.
        case missingMap(name: String, reason: BPFError)
        /// A member of a table of functions that this kernel does not have; its program is not loaded.
        case droppedMember(map: String, member: String, program: String)
        /// Calls of a helper were replaced by calls of an older one.
        case replacedHelper(function: String, from: String, to: String)
        /// Constants were written into instructions, since this kernel has no global variables.
        case inlinedConstants(function: String, count: Int)
        /// Programs are loaded without what tells their functions and lines.
        case noFunctionTypes
        /// Maps and programs have no names in this kernel.
        case noNames
        /// The kernel's types came from somewhere else than the running kernel.
        case foundKernelTypes(source: String)
        /// Rights that another process delegated were used.
        case usedToken(path: String)
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

    /// The maps that were not made, with the reasons.
    public var missingMaps: [String: BPFError] {
        var missing: [String: BPFError] = [:]
        for entry in entries {
            if case .missingMap(let name, let reason) = entry { missing[name] = reason }
        }
        return missing
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
            case .missingMap(let name, let reason): "the map \(name) was not created: \(reason.message)"
            case .droppedMember(let map, let member, let program):
                "the kernel has no member \(member) of \(map), so the program \(program) is left out"
            case .replacedHelper(let function, let from, let to): "\(function) calls \(to) instead of \(from)"
            case .inlinedConstants(let function, let count): "\(count) constants are written into the code of \(function)"
            case .noFunctionTypes: "the kernel does not take the types and lines of functions"
            case .noNames: "maps and programs have no names in this kernel"
            case .foundKernelTypes(let source): "the kernel's types come from \(source)"
            case .usedToken(let path): "the rights delegated to \(path) are used"
            case .verifierLog(let program, let text): "the verifier on \(program):\n\(text)"
            }
        }
    }

    /// The choices in the order in which they were made.
    public internal(set) var entries: [Entry] = []
}
