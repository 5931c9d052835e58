// SPDX-License-Identifier: Apache-2.0

import BPFInstruction
import BPFObject
import Diagnostics
import Linux

/// What is written differently for a kernel that lacks something.
extension ObjectLoader {
    /// `bpf_probe_read_user`, `_kernel` and their forms for strings, with the helpers that came before them.
    private static let olderHelpers: [Int32: (name: String, id: Int32, older: String)] = [
        112: ("bpf_probe_read_user", 4, "bpf_probe_read"), 113: ("bpf_probe_read_kernel", 4, "bpf_probe_read"),
        114: ("bpf_probe_read_user_str", 45, "bpf_probe_read_str"),
        115: ("bpf_probe_read_kernel_str", 45, "bpf_probe_read_str"),
    ]

    /// Replaces helpers that the kernel lacks, and writes constants into the code where there are no global variables.
    mutating func lowerInstructions() {
        replaceHelpers()
        inlineConstants()
    }

    private mutating func replaceHelpers() {
        // The probe costs a program, so it is made only when there is something to replace.
        let users = functions.values.filter { function in
            function.instructions.contains { $0.isHelperCall && Self.olderHelpers[$0.immediate] != nil }
        }
        guard !users.isEmpty, !has(.separateProbeReads) else { return }
        for var function in users {
            var replaced: [Int32: Bool] = [:]
            for index in function.instructions.indices where function.instructions[index].isHelperCall {
                guard let older = Self.olderHelpers[function.instructions[index].immediate] else { continue }
                replaced[function.instructions[index].immediate] = true
                function.instructions[index].immediate = older.id
            }
            functions[function.name] = function
            for id in replaced.keys.sorted() {
                guard let older = Self.olderHelpers[id] else { continue }
                report.entries.append(
                    .replacedHelper(function: function.name, from: older.name, to: older.older))
            }
        }
    }

    private mutating func inlineConstants() {
        let usesVariables = functions.values.contains { function in
            function.references.contains { if case .mapValue = $0.target { true } else { false } }
        }
        guard usesVariables, !has(.globalData) else { return }
        let constants = Dictionary(
            spec.maps.compactMap { map in
                map.section.flatMap { $0.access == .readWrite ? nil : (map.name, $0.contents) }
            }
        ) { first, _ in first }
        for name in functions.keys.sorted() {
            guard var function = functions[name] else { continue }
            let count = ConstantInliner(constants: constants, order: spec.order).inline(&function)
            guard count > 0 else { continue }
            functions[name] = function
            report.entries.append(.inlinedConstants(function: name, count: count))
        }
    }

    /// Leaves out of a map's description what the kernel does not take.
    func adapt(_ creation: inout MapCreation) {
        creation.token = token?.descriptor.rawValue
        if !has(.names) { creation.name = "" }
        // Arenas are always mapped.
        if creation.kind == MapKind.array.rawValue, creation.flags & MapFlags.memoryMappable != 0,
            !has(.mappableArrays)
        {
            creation.flags &= ~MapFlags.memoryMappable
        }
    }

    /// Leaves out of a program's description what the kernel does not take.
    mutating func adapt(_ request: inout ProgramLoad) {
        request.token = token?.descriptor.rawValue
        if let signature = options.signatures[request.name] {
            request.signature = signature.bytes
            request.keyring = signature.keyring
        }
        if !has(.names) { request.name = "" }
        guard typeLack.contains(.functions), !request.functionInformation.isEmpty else { return }
        request.functionInformation = []
        request.lineInformation = []
        request.btf = nil
        if !report.entries.contains(where: { if case .noFunctionTypes = $0 { true } else { false } }) {
            report.entries.append(.noFunctionTypes)
        }
    }
}

/// The limit on locked memory, which bounds maps and programs of kernels before 5.11.
enum MemoryLimit {
    /// Lifts it once a process; without the right to do so the kernel's own answer tells more.
    static func lift() { _ = lifted }

    private static let lifted: Bool = (try? MemoryLock.raise(for: KernelVersion(0, 0))) ?? false
}
