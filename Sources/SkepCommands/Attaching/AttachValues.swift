// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BPF
import Linux

/// A value of an option that is given on as it was written.
protocol WrittenArgument: ExpressibleByArgument {
    /// What was written.
    var argument: String { get }
}

/// A name that stands for a value: a type lists its names in their order.
protocol NamedArgument: WrittenArgument {
    associatedtype Value
    static var values: KeyValuePairs<String, Value> { get }
    init(argument: String, value: Value)
}

extension NamedArgument {
    init?(argument: String) {
        guard let value = Self.values.first(where: { $0.key == argument })?.value else { return nil }
        self.init(argument: argument, value: value)
    }

    static var allValueStrings: [String] { values.map(\.key) }
}

/// Where XDP programs run, by name.
struct XDPModeArgument: NamedArgument {
    let argument: String
    let value: AttachOptions.XDPMode
    static var values: KeyValuePairs<String, AttachOptions.XDPMode> {
        ["automatic": .automatic, "native": .native, "generic": .generic, "hardware": .hardware]
    }
}

/// How programs share a cgroup, by name.
struct CgroupSharingArgument: NamedArgument {
    let argument: String
    let value: AttachOptions.CgroupSharing
    static var values: KeyValuePairs<String, AttachOptions.CgroupSharing> {
        ["multiple": .multiple, "overridable": .overridable, "exclusive": .exclusive]
    }
}

/// The order of an iterator over cgroups, by the kernel's names.
struct CgroupOrderArgument: NamedArgument {
    let argument: String
    let value: IteratorTarget.CgroupOrder
    static var values: KeyValuePairs<String, IteratorTarget.CgroupOrder> {
        [
            "descendants-post": .descendantsFirst, "descendants-pre": .parentsFirst, "self": .alone,
            "ancestors": .ancestors,
        ]
    }
}

/// Whether links are made, by name.
struct MechanismArgument: NamedArgument {
    let argument: String
    let value: AttachOptions.Mechanism
    static var values: KeyValuePairs<String, AttachOptions.Mechanism> {
        ["automatic": .automatic, "link": .link, "classic": .classic]
    }
}

/// How probes are made, by name.
struct ProbeMethodArgument: NamedArgument {
    let argument: String
    let value: AttachOptions.ProbeMethod
    static var values: KeyValuePairs<String, AttachOptions.ProbeMethod> {
        ["automatic": .automatic, "event": .eventSource, "tracefs": .traceFiles]
    }
}

/// A program on the same hook: a number, name or path, `link:` with a link's number or path, or `all`.
struct NeighbourArgument: WrittenArgument {
    let argument: String

    init?(argument: String) {
        guard !["", "0", "link:", "link:0"].contains(argument) else { return nil }
        self.argument = argument
    }
}

/// A netfilter hook: `input`, `ipv6/output`.
struct NetfilterArgument: WrittenArgument {
    let argument: String
    let place: NetfilterPlace

    init?(argument: String) {
        guard let place = NetfilterPlace(argument) else { return nil }
        self.argument = argument
        self.place = place
    }
}

/// A route: `10.1.0.0/16`, or with a gateway `10.1.0.0/16,192.0.2.1`.
struct RouteArgument: WrittenArgument {
    let argument: String
    let destination: String
    let gateway: String?

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { String($0) }
        guard (1...2).contains(parts.count), parts.allSatisfy({ InternetPrefix($0) != nil }) else { return nil }
        self.argument = argument
        destination = parts[0]
        gateway = parts.count == 2 ? parts[1] : nil
    }
}

/// A descriptor of another process: `4242:7`.
struct ProcessDescriptorArgument: WrittenArgument {
    let argument: String
    let process: Int32
    let descriptor: Int32

    init?(argument: String) {
        let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let process = Int32(parts[0]), process > 0, let descriptor = Int32(parts[1]),
            descriptor >= 0
        else { return nil }
        self.argument = argument
        self.process = process
        self.descriptor = descriptor
    }
}

/// A map of sockets for all programs, or for one: `MAP`, `PROGRAM=MAP`.
struct SocketMapArgument: WrittenArgument {
    let argument: String
    let program: String?
    let map: String

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { String($0) }
        guard let last = parts.last, !last.isEmpty, parts[0] != "" else { return nil }
        self.argument = argument
        program = parts.count == 2 ? parts[0] : nil
        map = last
    }
}

/// Processors: `0`, `0-3,8`.
struct ProcessorsArgument: WrittenArgument {
    let argument: String
    let numbers: [Int]

    init?(argument: String) {
        var numbers: [Int] = []
        for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
            guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1],
                0 <= first, first <= last, last < 65_536
            else { return nil }
            numbers += first...last
        }
        self.argument = argument
        self.numbers = numbers
    }
}

/// A number, decimal or in hex: `7`, `0x1f`.
struct NumberArgument: WrittenArgument {
    let argument: String
    let value: UInt64

    init?(argument: String) {
        guard let value = argument.hasPrefix("0x") ? UInt64(argument.dropFirst(2), radix: 16) : UInt64(argument) else {
            return nil
        }
        self.argument = argument
        self.value = value
    }
}
