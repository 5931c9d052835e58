// SPDX-License-Identifier: Apache-2.0

import CLinux

/// What perf_event_open(2) measures: the parts of `struct perf_event_attr` that BPF programs need.
public struct PerfEventAttributes: Sendable, Hashable {
    /// `PERF_TYPE_*`, or the number of a PMU from ``PerfEvent/unit(named:)``.
    public var type: UInt32
    /// What of that type.
    public var configuration: UInt64
    /// How often a sample is taken.
    public var sampling = Sampling.none
    /// `PERF_SAMPLE_*`: what a sample holds. BPF output needs `PERF_SAMPLE_RAW`.
    public var sampleContents: UInt64 = 0
    /// When a waiting reader is woken.
    public var wakeup = Wakeup.events(0)
    /// `config1`: for uprobes the address of the path, so it is set by ``PerfEvent/openUprobe(_:process:cpu:)``.
    public var configuration1: UInt64 = 0
    /// `config2`: for uprobes the offset in the file.
    public var configuration2: UInt64 = 0
    /// Further properties.
    public var flags: Flags = []
    /// `bp_type` of a breakpoint: 1 read, 2 write, 4 execute. Its address and length are ``configuration1`` and
    /// ``configuration2``.
    public var breakpointAccess: UInt32 = 0

    /// How often a sample is taken.
    public enum Sampling: Sendable, Hashable {
        /// Never: the event only counts.
        case none
        /// Each time the count has grown by this much.
        case period(UInt64)
        /// About this often per second.
        case frequency(UInt64)
    }

    /// When a waiting reader is woken.
    public enum Wakeup: Sendable, Hashable {
        /// After this many samples; 0 is never.
        case events(UInt32)
        /// When this many bytes wait.
        case bytes(UInt32)
    }

    /// Properties that are one bit each.
    public struct Flags: OptionSet, Sendable, Hashable {
        /// Bits of `struct perf_event_attr`.
        public let rawValue: UInt64

        /// Makes a set.
        public init(rawValue: UInt64) {
            self.rawValue = rawValue
        }

        /// Starts switched off.
        public static let disabled = Flags(rawValue: 1 << 0)
        /// Child processes are measured too.
        public static let inherit = Flags(rawValue: 1 << 1)
        /// Only new threads of the process are measured, not new processes (Linux 5.13; beside ``inherit``).
        public static let inheritThreads = Flags(rawValue: 1 << 35)
        /// User space is left out.
        public static let excludeUser = Flags(rawValue: 1 << 4)
        /// The kernel is left out.
        public static let excludeKernel = Flags(rawValue: 1 << 5)
        /// Newest samples overwrite the oldest (`write_backward`, Linux 4.7).
        public static let writeBackward = Flags(rawValue: 1 << 27)
    }

    /// Makes a description.
    public init(type: UInt32, configuration: UInt64) {
        self.type = type
        self.configuration = configuration
    }

    /// `PERF_TYPE_HARDWARE`.
    public static let hardware: UInt32 = 0
    /// `PERF_TYPE_SOFTWARE`.
    public static let software: UInt32 = 1
    /// `PERF_TYPE_TRACEPOINT`.
    public static let tracepoint: UInt32 = 2

    /// The software clock of a CPU (`PERF_COUNT_SW_CPU_CLOCK`), which works without hardware counters.
    public static var cpuClock: PerfEventAttributes { PerfEventAttributes(type: software, configuration: 0) }
    /// The software clock of a task (`PERF_COUNT_SW_TASK_CLOCK`).
    public static var taskClock: PerfEventAttributes { PerfEventAttributes(type: software, configuration: 1) }
    /// The hardware's cycles (`PERF_COUNT_HW_CPU_CYCLES`).
    public static var cpuCycles: PerfEventAttributes { PerfEventAttributes(type: hardware, configuration: 0) }
    /// What programs send with `bpf_perf_event_output` (`PERF_COUNT_SW_BPF_OUTPUT`).
    public static var bpfOutput: PerfEventAttributes {
        var attributes = PerfEventAttributes(type: software, configuration: 10)
        attributes.sampleContents = 1 << 10  // PERF_SAMPLE_RAW
        attributes.sampling = .period(1)
        attributes.wakeup = .events(1)
        return attributes
    }
    /// A tracepoint by the number that ``TraceFileSystem`` tells.
    public static func tracepoint(_ id: UInt64) -> PerfEventAttributes {
        PerfEventAttributes(type: tracepoint, configuration: id)
    }

    var raw: skep_perf_event_attributes {
        var raw = skep_perf_event_attributes()
        raw.type = type
        raw.size = UInt32(MemoryLayout<skep_perf_event_attributes>.size)
        raw.config = configuration
        raw.sample_type = sampleContents
        raw.flags = flags.rawValue
        switch sampling {
        case .none: break
        case .period(let period): raw.sample_period = period
        case .frequency(let frequency):
            raw.sample_period = frequency
            raw.flags |= 1 << 10  // freq
        }
        switch wakeup {
        case .events(let count): raw.wakeup = count
        case .bytes(let count):
            raw.wakeup = count
            raw.flags |= 1 << 14  // watermark
        }
        raw.bp_type = breakpointAccess
        raw.config1 = configuration1
        raw.config2 = configuration2
        return raw
    }
}
