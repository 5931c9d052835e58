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
    var options: LoadOptions
    var report = LoadReport()
    var maps: [String: UntypedMap] = [:]
    var programs: [Program] = []
    var sections: [String: DataSectionMemory] = [:]
    /// The object's types as the kernel took them.
    var typesDescriptor: SharedDescriptor?
    /// The types of functions that take a context, by the context's name, where the kernel needs it told.
    var contextFunctions: [String: [String: BTFTypeID]] = [:]
    /// The functions after CO-RE relocation.
    var functions: [String: FunctionSpec] = [:]
    /// What was poisoned, by function, to explain what the verifier says of it.
    var poisons: [String: [COREPoisonNote]] = [:]
    /// What the kernel has for external symbols.
    var externals = ExternalResolver()

    /// Where programs look for the values of static probes.
    var staticProbes: StaticProbeRegistry?

    /// What counts the records that do not fit into ring buffers, and its counters.
    var losses: LossMeter?

    /// What the kernel lacks of the format of types, once it has refused them.
    var typeLack: LoadableTypes.Lack = []
    /// The right to load that another process delegated.
    var token: SharedDescriptor?
    /// Maps that were not made, with the reason.
    var missingMaps: [String: BPFError] = [:]
    /// Maps that were there already.
    var reusedMaps: Set<String> = []
    /// Paths at which maps were pinned.
    var newPins: [String] = []
    /// Tables of functions in the kernel's shape, by the map's name.
    var preparedStructOps: [String: PreparedStructOps] = [:]
    /// What programs of tables stand for.
    var structOpsPrograms: [String: StructOpsPlace] = [:]
    /// The tables of functions, complete.
    var structOps: [StructOps] = []

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
        // Without the right to do so the kernel's own answer tells more than a failure here.
        if !has(.memoryAccounting) { MemoryLimit.lift() }
        if !has(.names) { report.entries.append(.noNames) }
        try openToken()
        chooseKernelTypes()
        try loadTypes()
        try prepareStructOps()
        let selected = spec.programs.filter { program in
            let isChosen = options.programs.map { $0.contains(program.name) } ?? program.isLoadedByDefault
            return (isChosen || structOpsPrograms[program.name] != nil) && isNeeded(program)
        }
        try externals.resolve(&spec, kernelTypes: idTypes, options: options, report: &report)
        do throws(BPFError) {
            try createAndLoad(selected)
        } catch {
            removeNewPins()
            throw error
        }
    }

    private mutating func createAndLoad(_ selected: [ProgramSpec]) throws(BPFError) {
        dropExceptionCallbacks()
        try createMaps()
        staticProbes = StaticProbeRegistry(spec, maps: maps)
        try createStructOpsMaps()
        countLosses()
        try relocate(for: selected)
        lowerInstructions()
        try createExclusiveMaps()
        try loadPrograms(selected)
        try fillProgramSlots()
        try fillStructOps()
    }

    /// Kernels without exceptions refuse functions that nothing calls.
    private mutating func dropExceptionCallbacks() {
        guard functions.values.contains(where: { $0.exceptionCallback != nil }),
            (try? idTypes.core())?.firstID(named: "bpf_throw", kind: .function) == nil
        else { return }
        for name in functions.keys { functions[name]?.exceptionCallback = nil }
    }

    /// Whether the kernel has something, or the caller wants to see what happens without it.
    func has(_ ability: KernelAbility) -> Bool {
        !options.withheld.contains(ability) && ability.isAvailable
    }

    /// The types that ids of hooks, functions and variables are taken from: only those of the kernel that runs will do.
    var idTypes: KernelTypes {
        KernelTypes.running.isRunning ? .running : options.kernelTypes
    }

    /// Takes the types that the object brings along for kernels that show none.
    private mutating func chooseKernelTypes() {
        guard let embedded = spec.kernelTypes, options.kernelTypes.isSearched, (try? options.kernelTypes.core()) == nil,
            let bytes = embedded.types(release: KernelVersion.release, architecture: KernelVersion.architecture)
        else { return }
        options.kernelTypes = KernelTypes(bytes, source: "the object's own copy for \(KernelVersion.release)")
    }

    /// Hands the object's types to the kernel, written in older words when it does not know all kinds.
    private mutating func loadTypes() throws(BPFError) {
        guard spec.types != nil else { return }
        if options.withheld.contains(.types) {
            report.entries.append(.noTypes(reason: "they are not wanted"))
            return
        }
        // Most kernels know all of it, so they are asked about what they lack only when they refuse.
        typeLack = lack { options.withheld.contains($0) || $0 == .contextTags && hasContextTags && !has($0) }
        guard let error = try loadTypes(lacking: typeLack) else { return }
        let found = error.errno == .notPermitted ? typeLack : lack { !has($0) }
        guard found != typeLack else {
            // Types help, but programs load without them, except where a hook needs them.
            report.entries.append(.noTypes(reason: error.chain))
            return
        }
        typeLack = found
        if let error = try loadTypes(lacking: found) { report.entries.append(.noTypes(reason: error.chain)) }
    }

    /// Whether the object tags parameters as contexts, which no kernel refuses and older ones do not heed.
    private var hasContextTags: Bool {
        spec.types.map { !$0.ids(named: "arg:ctx", kind: .declarationTag).isEmpty } ?? false
    }

    private func lack(_ isMissing: (KernelAbility) -> Bool) -> LoadableTypes.Lack {
        let all: [(KernelAbility, LoadableTypes.Lack)] = [
            (.functionTypes, .functions), (.dataSectionTypes, .dataSections),
            (.globalFunctionTypes, .globalFunctions), (.floatTypes, .floats), (.declarationTags, .declarationTags),
            (.typeTags, .typeTags), (.wideEnumerations, .wideEnumerations), (.attributeTags, .attributes),
            (.contextTags, .contextTags),
        ]
        var lack: LoadableTypes.Lack = []
        for (ability, part) in all where isMissing(ability) { lack.insert(part) }
        return lack
    }

    private mutating func loadTypes(lacking lack: LoadableTypes.Lack) throws(BPFError) -> LinuxError? {
        let types: LoadableTypes
        do throws(ObjectError) {
            guard let prepared = try LoadableTypes(of: spec, lacking: lack) else { return nil }
            types = prepared
            contextFunctions = prepared.contextFunctions
        } catch {
            throw BPFError(.malformed, "cannot prepare the types of the object \(spec.name)", cause: error)
        }
        do throws(LinuxError) {
            var log: VerifierLog?
            typesDescriptor = SharedDescriptor(
                name: spec.name,
                descriptor: try BPFSystemCall.loadBTF(types.bytes, log: &log, token: token?.descriptor.rawValue))
            if !lack.subtracting(.contextTags).isEmpty || !contextFunctions.isEmpty {
                report.entries.append(.loweredTypes)
            }
            return nil
        } catch {
            return error
        }
    }
}
