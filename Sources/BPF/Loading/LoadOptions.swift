// SPDX-License-Identifier: Apache-2.0

/// What a caller wants of the loading of an object.
public struct LoadOptions: Sendable {
    /// The kernel's types to relocate against; a file can replace the running kernel's.
    public var kernelTypes = KernelTypes.running
    /// Which programs to load, by name, or `nil` for those that the object loads by default.
    public var programs: Set<String>?
    /// Programs that are skipped, with the reason in the report, when this kernel or machine refuses them.
    public var skipsRefusedPrograms = false
    /// The directory of a bpffs for maps that are pinned by name.
    public var pinDirectory = "/sys/fs/bpf"
    /// Maps to use instead of new ones, by name.
    public var replacedMaps: [String: UntypedMap] = [:]
    /// Values of the kernel's configuration that replace what its files say, such as `["CONFIG_HZ": "250"]`.
    public var kernelConfiguration: [String: String] = [:]
    /// Whether programs count the records that do not fit into ring buffers, which costs one comparison a record; see
    /// ``LoadedObject/lostRecords``.
    public var countsLostRecords = true
    /// The verifier's log level for programs that it accepts: 0 none, 1 instructions, 2 all states, 4 statistics.
    public var verifierLogLevel: UInt32 = 0

    /// Maps that are not made, by name; programs that use them load only when the verifier sees that they do not get there.
    public var uncreatedMaps: Set<String> = []
    /// What the loader treats as if the kernel did not have it, to see what an object does on an older one.
    public var withheld: Set<KernelAbility> = []
    /// The folder of a bpffs whose delegated rights are used (a BPF token, Linux 6.9), or `nil` for what
    /// `LIBBPF_BPF_TOKEN_PATH` says; empty for none.
    public var tokenPath: String?
    /// Signatures of programs, by the program's name.
    public var signatures: [String: ProgramSignature] = [:]

    /// The network device that XDP programs are loaded for, so that they can ask it for what it knows of a packet.
    public var boundDevice: BoundDevice?

    /// Makes the default options.
    public init() {}
}
