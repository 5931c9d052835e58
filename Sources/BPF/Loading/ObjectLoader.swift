// SPDX-License-Identifier: Apache-2.0

import BPFInstruction
import BPFObject
import BTF
import Bytes
import Diagnostics
import Linux

/// Loads one object: types, maps, sections, relocation, programs, in this order.
///
/// Everything that depends on the kernel happens here and in the extensions of this type, and every choice is written
/// into the report.
struct ObjectLoader {
    var spec: ObjectSpec
    let options: LoadOptions
    var report = LoadReport()
    var maps: [String: UntypedMap] = [:]
    var programs: [Program] = []
    var sections: [String: DataSectionMemory] = [:]
    /// The object's types as the kernel took them.
    var typesDescriptor: SharedDescriptor?
    /// The functions after CO-RE relocation.
    var functions: [String: FunctionSpec] = [:]
    /// What was poisoned, by function, to explain what the verifier says of it.
    var poisons: [String: [COREPoisonNote]] = [:]
    /// What the kernel has for external symbols.
    var externals = ExternalResolver()

    /// What counts the records that do not fit into ring buffers, and its counters.
    var losses: LossMeter?

    /// A relocation that could not be resolved: an instruction of a function and what it wanted.
    struct COREPoisonNote {
        var instruction: Int
        var text: String
    }

    init(_ spec: ObjectSpec, options: LoadOptions) {
        self.spec = spec
        self.options = options
        functions = spec.functions
    }

    mutating func load() throws(BPFError) {
        guard spec.order == .host else {
            throw BPFError(
                .notSupported, "the object \(spec.name) was compiled for machines of the other byte order",
                hint: "compile it with --target=bpf on this machine")
        }
        let selected = spec.programs.filter { program in
            options.programs.map { $0.contains(program.name) } ?? program.isLoadedByDefault
        }
        // Without the right to do so the kernel's own answer tells more than a failure here.
        _ = try? MemoryLock.raise()
        try loadTypes()
        try externals.resolve(&spec, kernelTypes: options.kernelTypes, options: options, report: &report)
        try createMaps()
        countLosses()
        try relocate(for: selected)
        try createExclusiveMaps()
        try loadPrograms(selected)
        try fillProgramSlots()
    }

    /// Hands the object's types to the kernel, lowered when it does not know all kinds.
    private mutating func loadTypes() throws(BPFError) {
        guard spec.types != nil else { return }
        for level in LoadableTypes.Level.allCases {
            let types: LoadableTypes
            do throws(ObjectError) {
                guard let prepared = try LoadableTypes(of: spec, level: level) else { return }
                types = prepared
            } catch {
                throw BPFError(.malformed, "cannot prepare the types of the object \(spec.name)", cause: error)
            }
            do throws(LinuxError) {
                var log: VerifierLog?
                typesDescriptor = SharedDescriptor(
                    name: spec.name, descriptor: try BPFSystemCall.loadBTF(types.bytes, log: &log))
                if level == .lowered { report.entries.append(.loweredTypes) }
                return
            } catch {
                if level == .lowered || error.errno == .notPermitted {
                    // Types help, but programs load without them, except where a hook needs them.
                    report.entries.append(.noTypes(reason: error.chain))
                    return
                }
            }
        }
    }
}
