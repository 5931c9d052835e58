// SPDX-License-Identifier: Apache-2.0

/// What a column's value stands for, which decides how it is shown and what texts it can be compared with and set to.
public enum Meaning: Hashable, Sendable {
    /// Nothing in particular: numbers as they are, `char` arrays as text, other arrays as what they hold.
    case plain
    /// A task's name (`comm`).
    case command
    /// A file's name or path.
    case path
    /// A command's arguments: text in which NULs divide words.
    case arguments
    /// Other text.
    case text
    /// Bytes that the program copied, of which a length column may say how many count.
    case payload
    /// An IPv4 or IPv6 address, in network order. An address family in the same row decides what 16 bytes hold.
    case internetAddress
    /// A port.
    case port
    /// A span of time.
    case duration(TimeUnit)
    /// A point of time on the kernel's monotonic clock (`bpf_ktime_get_ns`).
    case timestamp(TimeUnit)
    /// A result that is an error number when it is negative.
    case result
    /// A signal's number.
    case signal
    /// A system call's number on this machine.
    case syscall
    /// A state of a TCP connection.
    case tcpState
    /// An IP protocol's number.
    case ipProtocol
    /// An Ethernet protocol's number.
    case etherType
    /// An address family.
    case addressFamily
    /// A capability's number.
    case capability
    /// A file mode, shown in octal.
    case mode
    /// The flags of `open(2)`.
    case openFlags
    /// Bits without names, shown in hex.
    case hexadecimal
    /// A process id (`tgid`).
    case processID
    /// A thread id.
    case threadID
    /// A user's id.
    case userID
    /// A group's id.
    case groupID
    /// A CPU's number.
    case cpu
    /// An Ethernet address.
    case hardwareAddress
    /// A device's number in the kernel's own form: major above 20 bits of minor.
    case device
    /// A control group's id.
    case controlGroup
    /// An address in the kernel or in a process.
    case address
    /// The id of a stack in a stack trace map: of the kernel, of the process.
    case stackID(StackSpace)
    /// Instruction addresses, innermost first, ended by a zero or by a length column in bytes.
    case stack(StackSpace)
    /// Slots of a histogram.
    case histogram

    /// The names of the meaning's numbers, where they have names.
    public var names: NameTable? {
        switch self {
        case .result: .errorNumbers
        case .signal: .signals
        case .syscall: .syscalls
        case .tcpState: .tcpStates
        case .ipProtocol: .protocols
        case .etherType: .etherTypes
        case .addressFamily: .addressFamilies
        case .capability: .capabilities
        default: nil
        }
    }

    /// Whether bytes of this meaning are text.
    var isText: Bool {
        switch self {
        case .command, .path, .arguments, .text: true
        default: false
        }
    }

    /// The meaning of a name that a user gives, such as `duration_us`, `ipv4` or `kernel_stack`; `nil` when unknown.
    ///
    /// These are the names of `--column NAME=MEANING`.
    public init?(name: String) {
        guard let meaning = Self.byName[name] else { return nil }
        self = meaning
    }

    /// Every name that ``init(name:)`` knows, in alphabetical order.
    public static var allNames: [String] { byName.keys.sorted() }

    private static let byName: [String: Meaning] = {
        var names: [String: Meaning] = [
            "plain": .plain, "comm": .command, "path": .path, "args": .arguments, "text": .text, "payload": .payload,
            "ip": .internetAddress, "port": .port, "errno": .result, "signal": .signal, "syscall": .syscall,
            "tcp_state": .tcpState, "protocol": .ipProtocol, "ether_type": .etherType, "family": .addressFamily,
            "capability": .capability, "mode": .mode, "open_flags": .openFlags, "hex": .hexadecimal,
            "pid": .processID, "tid": .threadID, "uid": .userID, "gid": .groupID, "cpu": .cpu,
            "mac": .hardwareAddress, "device": .device, "cgroup": .controlGroup, "address": .address,
            "stack_id": .stackID(.either), "kernel_stack_id": .stackID(.kernel), "user_stack_id": .stackID(.user),
            "stack": .stack(.either), "kernel_stack": .stack(.kernel), "user_stack": .stack(.user),
            "histogram": .histogram,
        ]
        for unit in TimeUnit.allCases {
            names["duration_" + unit.suffix] = .duration(unit)
            names["timestamp_" + unit.suffix] = .timestamp(unit)
        }
        return names
    }()
}

/// Whose instruction addresses a stack holds.
public enum StackSpace: Hashable, Sendable {
    /// The kernel's.
    case kernel
    /// The process's.
    case user
    /// Either: each address tells, since the kernel's lie in the upper half.
    case either
}

/// A unit of time.
public enum TimeUnit: Int64, Hashable, Sendable, CaseIterable {
    /// 10⁻⁹ s
    case nanoseconds = 1
    /// 10⁻⁶ s
    case microseconds = 1_000
    /// 10⁻³ s
    case milliseconds = 1_000_000
    /// 1 s
    case seconds = 1_000_000_000

    /// The unit as names end in it: `ns`, `us`, `ms`, `s`.
    public var suffix: String {
        switch self {
        case .nanoseconds: "ns"
        case .microseconds: "us"
        case .milliseconds: "ms"
        case .seconds: "s"
        }
    }

    /// The unit's length in nanoseconds.
    public var nanoseconds: Int64 { rawValue }
}
