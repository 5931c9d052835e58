// SPDX-License-Identifier: Apache-2.0

/// The rights of a process (capabilities(7)).
public struct Capabilities: OptionSet, Sendable, Hashable {
    /// Bit N is capability number N.
    public let rawValue: UInt64

    /// Makes a set.
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// `CAP_NET_ADMIN`: network programs.
    public static let networkAdministration = Capabilities(rawValue: 1 << 12)
    /// `CAP_NET_RAW`: packet sockets.
    public static let rawNetwork = Capabilities(rawValue: 1 << 13)
    /// `CAP_IPC_LOCK`: memory that is not swapped.
    public static let memoryLock = Capabilities(rawValue: 1 << 14)
    /// `CAP_SYS_PTRACE`: other processes' memory.
    public static let processTrace = Capabilities(rawValue: 1 << 19)
    /// `CAP_SYS_ADMIN`: everything of BPF before Linux 5.8, and much else.
    public static let systemAdministration = Capabilities(rawValue: 1 << 21)
    /// `CAP_SYS_RESOURCE`: raising limits.
    public static let systemResource = Capabilities(rawValue: 1 << 24)
    /// `CAP_SYSLOG`: kernel addresses.
    public static let systemLog = Capabilities(rawValue: 1 << 34)
    /// `CAP_PERFMON` (Linux 5.8): tracing programs.
    public static let performanceMonitoring = Capabilities(rawValue: 1 << 38)
    /// `CAP_BPF` (Linux 5.8): maps and programs.
    public static let bpf = Capabilities(rawValue: 1 << 39)

    /// The names in C of the members that have one here, ordered by number.
    public var names: [String] {
        Self.known.filter { rawValue & 1 << UInt64($0.0) != 0 }.map(\.1)
    }

    private static let known: [(Int, String)] = [
        (12, "CAP_NET_ADMIN"), (13, "CAP_NET_RAW"), (14, "CAP_IPC_LOCK"), (19, "CAP_SYS_PTRACE"),
        (21, "CAP_SYS_ADMIN"), (24, "CAP_SYS_RESOURCE"), (34, "CAP_SYSLOG"), (38, "CAP_PERFMON"), (39, "CAP_BPF"),
    ]

    /// The effective capabilities of this process, or of the calling thread where they differ.
    public static func effective() throws(LinuxError) -> Capabilities {
        let text = try Files.readText("/proc/thread-self/status", limit: 1 << 16)
        let fields = ProcessStatus(parsing: text)
        return Capabilities(rawValue: fields["CapEff"].flatMap { UInt64($0, radix: 16) } ?? 0)
    }
}
