// SPDX-License-Identifier: Apache-2.0

/// The names of performance events, as perf(1) and people write them.
///
/// - Note: `enum perf_hw_id`, `enum perf_sw_ids` and `enum perf_hw_cache_id` of `include/uapi/linux/perf_event.h`.
public enum PerfEventName {
    /// What a name stands for.
    public enum Meaning: Sendable, Hashable {
        /// An event that can be opened as it is.
        case event(PerfEventAttributes)
        /// A tracepoint, whose number tracefs tells.
        case tracepoint(category: String, name: String)
        /// A unit of the machine by its name in /sys/bus/event_source/devices, and its configuration.
        case unit(name: String, configuration: UInt64)
    }

    /// Reads a name.
    ///
    /// Understood are `cpu-cycles` and the other hardware events, `page-faults` and the other software events (both also
    /// behind `hw:` and `sw:`), `L1-dcache-load-misses` and the like, `rHEX`, `raw:NUMBER`,
    /// `breakpoint:ADDRESS:rw:LENGTH`, `tracepoint:CATEGORY:NAME` and `pmu:NAME:NUMBER`.
    ///
    /// - Returns: `nil` when the text is no event's name.
    public static func parse(_ text: String) -> Meaning? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        switch (parts[0], parts.count) {
        case ("hw", 2): return hardware[parts[1]].map { .event(PerfEventAttributes(type: 0, configuration: $0)) }
        case ("sw", 2): return software[parts[1]].map { .event(PerfEventAttributes(type: 1, configuration: $0)) }
        case ("cache", 2): return cache(parts[1])
        case ("raw", 2): return number(parts[1]).map { .event(PerfEventAttributes(type: 4, configuration: $0)) }
        case ("breakpoint", 2...4): return breakpoint(parts)
        case ("tracepoint", 3): return .tracepoint(category: parts[1], name: parts[2])
        case ("pmu", 3): return number(parts[2]).map { .unit(name: parts[1], configuration: $0) }
        case (let name, 1):
            if let configuration = hardware[name] {
                return .event(PerfEventAttributes(type: 0, configuration: configuration))
            }
            if let configuration = software[name] {
                return .event(PerfEventAttributes(type: 1, configuration: configuration))
            }
            if name.hasPrefix("r"), name.count > 1, let configuration = UInt64(name.dropFirst(), radix: 16) {
                return .event(PerfEventAttributes(type: 4, configuration: configuration))
            }
            return cache(name)
        default: return nil
        }
    }

    /// The names of hardware and software events, for a list of what can be given.
    public static var known: [String] { hardware.keys.sorted() + software.keys.sorted() }

    private static let hardware: [String: UInt64] = [
        "cpu-cycles": 0, "cycles": 0, "instructions": 1, "cache-references": 2, "cache-misses": 3,
        "branch-instructions": 4, "branches": 4, "branch-misses": 5, "bus-cycles": 6, "stalled-cycles-frontend": 7,
        "stalled-cycles-backend": 8, "ref-cycles": 9,
    ]

    private static let software: [String: UInt64] = [
        "cpu-clock": 0, "task-clock": 1, "page-faults": 2, "faults": 2, "context-switches": 3, "cs": 3,
        "cpu-migrations": 4, "migrations": 4, "minor-faults": 5, "major-faults": 6, "alignment-faults": 7,
        "emulation-faults": 8, "dummy": 9, "bpf-output": 10, "cgroup-switches": 11,
    ]

    private static let caches: [(name: String, number: UInt64)] = [
        ("L1-dcache", 0), ("L1-icache", 1), ("LLC", 2), ("dTLB", 3), ("iTLB", 4), ("branch", 5), ("node", 6),
    ]

    /// `L1-dcache-load-misses` is cache 0, operation 0, result 1: one byte each.
    private static func cache(_ name: String) -> Meaning? {
        let operations: [(name: String, operation: UInt64, result: UInt64)] = [
            ("loads", 0, 0), ("load-misses", 0, 1), ("stores", 1, 0), ("store-misses", 1, 1), ("prefetches", 2, 0),
            ("prefetch-misses", 2, 1),
        ]
        for cache in caches where name.hasPrefix(cache.name + "-") {
            let rest = name.dropFirst(cache.name.count + 1)
            guard let found = operations.first(where: { $0.name == rest }) else { continue }
            let configuration = cache.number | found.operation << 8 | found.result << 16
            return .event(PerfEventAttributes(type: 3, configuration: configuration))
        }
        return nil
    }

    /// `breakpoint:ADDRESS`, with the accesses `r`, `w` and `x` behind, and the length in bytes behind that.
    private static func breakpoint(_ parts: [String]) -> Meaning? {
        guard let address = number(parts[1]) else { return nil }
        var access: UInt32 = 0
        for letter in parts.count > 2 ? parts[2] : "w" {
            switch letter {
            case "r": access |= 1
            case "w": access |= 2
            case "x": access |= 4
            default: return nil
            }
        }
        // The kernel takes execution alone, and wants the size of a word for it.
        guard access == 4 || (access != 0 && access & 4 == 0) else { return nil }
        let length = parts.count > 3 ? UInt64(parts[3]) : access == 4 ? UInt64(MemoryLayout<Int>.size) : 4
        guard let length, [1, 2, 3, 4, 5, 6, 7, 8].contains(length) else { return nil }
        var attributes = PerfEventAttributes(type: 5, configuration: 0)
        attributes.breakpointAccess = access
        attributes.configuration1 = address
        attributes.configuration2 = length
        return .event(attributes)
    }

    private static func number(_ text: String) -> UInt64? {
        text.hasPrefix("0x") ? UInt64(text.dropFirst(2), radix: 16) : UInt64(text)
    }
}
