// SPDX-License-Identifier: Apache-2.0

import BPFInstruction
public import BPFObject
public import Linux
import Synchronization

/// Something that the loader has an answer to when a kernel lacks it: it writes types in older words, takes older helpers,
/// or leaves something out.
///
/// Whether the running kernel has it is found out by trying, once a process, never by its version: distributions carry
/// features back.
public enum KernelAbility: Hashable, Sendable {
    /// Names of maps and programs, Linux 4.15.
    case names
    /// Types at all (`BPF_BTF_LOAD`), Linux 4.18.
    case types
    /// Functions in types, and with them source lines of programs, Linux 5.0.
    case functionTypes
    /// Sections of variables in types, Linux 5.2.
    case dataSectionTypes
    /// Functions that other objects can see, in types, Linux 5.6.
    case globalFunctionTypes
    /// Floating-point numbers in types, Linux 5.13.
    case floatTypes
    /// Tags of declarations in types, Linux 5.16.
    case declarationTags
    /// Tags of types in types, Linux 5.17.
    case typeTags
    /// Enumerations with 64-bit values, and signs of enumerations, in types, Linux 6.0.
    case wideEnumerations
    /// Attributes as tags in types (`kind_flag`), Linux 6.15.
    case attributeTags
    /// Parameters that a tag makes the program's context (`__arg_ctx`), Linux 6.8.
    case contextTags
    /// Global variables, Linux 5.2.
    case globalData
    /// Maps of variables that user space can map, Linux 5.5.
    case mappableArrays
    /// `bpf_probe_read_kernel()` and `bpf_probe_read_user()`, Linux 5.5.
    case separateProbeReads
    /// Memory of maps and programs is charged to cgroups, and not to the limit of locked memory, Linux 5.11.
    case memoryAccounting
    /// More than 4096 instructions in a program, Linux 5.2.
    case largePrograms
    /// Iterators that may sleep, Linux 5.18. Older kernels take the flag and run the program where nothing may sleep.
    case sleepableIterators
    /// Tracepoints of system calls whose programs may sleep, Linux 7.1. Some older kernels take the flag all the same.
    case sleepableTracepoints
    /// A kind of map.
    case map(MapKind)

    /// The first upstream kernel that has it, or `nil` where that is not known.
    public var minimumVersion: KernelVersion? {
        switch self {
        case .names: "4.15"
        case .types: "4.18"
        case .functionTypes: "5.0"
        case .dataSectionTypes, .globalData, .largePrograms: "5.2"
        case .globalFunctionTypes: "5.6"
        case .floatTypes: "5.13"
        case .declarationTags: "5.16"
        case .typeTags: "5.17"
        case .wideEnumerations: "6.0"
        case .attributeTags: "6.15"
        case .contextTags: "6.8"
        case .mappableArrays, .separateProbeReads: "5.5"
        case .memoryAccounting: "5.11"
        case .sleepableIterators: "5.18"
        case .sleepableTracepoints: "7.1"
        case .map(let kind): Feature.map(kind)?.minimumVersion
        }
    }

    /// Whether the running kernel has it; asked once a process.
    ///
    /// Without the rights to find out the answer is yes: the kernel's own refusal then says more.
    public var isAvailable: Bool {
        if let known = Self.cache.withLock({ $0[self] }) { return known }
        let answer = probe() != .unsupported
        Self.cache.withLock { $0[self] = answer }
        return answer
    }

    private static let cache = Mutex<[KernelAbility: Bool]>([:])

    private func probe() -> ProbeOutcome {
        switch self {
        case .names: facility("names")
        case .types: ProbeTypes.load(ProbeTypes.integer)
        case .functionTypes: ProbeTypes.load(ProbeTypes.function)
        case .dataSectionTypes: ProbeTypes.load(ProbeTypes.dataSection)
        case .globalFunctionTypes: ProbeTypes.load(ProbeTypes.globalFunction)
        case .floatTypes: ProbeTypes.load(ProbeTypes.float)
        case .declarationTags: ProbeTypes.load(ProbeTypes.declarationTag)
        case .typeTags: ProbeTypes.load(ProbeTypes.typeTag)
        case .wideEnumerations: ProbeTypes.load(ProbeTypes.wideEnumeration)
        case .attributeTags: ProbeTypes.load(ProbeTypes.attributeTag)
        case .contextTags: ProbeTypes.contextTag()
        case .globalData: facility("global_data")
        case .mappableArrays: facility("mappable_arrays")
        case .memoryAccounting: facility("memory_accounting")
        case .largePrograms: facility("million_instructions")
        case .separateProbeReads: Self.probeReads()
        case .sleepableIterators:
            Self.sleepableIterators()
        case .sleepableTracepoints:
            Self.sleepableTracepoints()
        case .map(let kind): Feature.map(kind)?.probe().outcome ?? .unknown("no probe for it")
        }
    }

    private func facility(_ name: String) -> ProbeOutcome {
        Feature.facilities.first { $0.name == name }?.probe().outcome ?? .unknown("no probe for it")
    }

    /// `bpf_copy_from_user_task()`, which may sleep, came together with them.
    private static func sleepableIterators() -> ProbeOutcome {
        let target = "bpf_iter_task"
        guard ProbeProgram.target([target], .function) != nil else { return .unknown("the kernel shows no types") }
        return HelperProbe(kind: 26, attachType: 28, targets: [target], isSleepable: true).outcome(of: 191)
    }

    /// Kernels that take the flag for typed tracepoints by mistake refuse it, in words, for raw ones.
    private static func sleepableTracepoints() -> ProbeOutcome {
        let answer = ProbeProgram.load(kind: 17, flags: 1 << 4)
        return answer.log.contains("sleepable") ? .unsupported : answer.outcome
    }

    /// `bpf_probe_read_kernel(fp - 8, 8, NULL)` in a tracepoint program.
    private static func probeReads() -> ProbeOutcome {
        let answer = ProbeProgram.load(
            kind: 5,
            [
                .init(opcode: 0xbf, destination: 1, source: 10, offset: 0, immediate: 0),
                .init(opcode: 0x07, destination: 1, source: 0, offset: 0, immediate: -8),
                .init(opcode: 0xb7, destination: 2, source: 0, offset: 0, immediate: 8),
                .init(opcode: 0xb7, destination: 3, source: 0, offset: 0, immediate: 0),
                .init(opcode: 0x85, destination: 0, source: 0, offset: 0, immediate: 113), ProbeProgram.exit,
            ])
        if answer.error == nil { return .available }
        return answer.log.contains("unknown func") || answer.log.contains("invalid func")
            ? .unsupported : answer.outcome
    }
}
