// SPDX-License-Identifier: Apache-2.0

import CLinux

/// A place in a binary for a uprobe.
public struct UprobePlace: Sendable, Hashable {
    /// The binary's path.
    public var path: String
    /// The offset in the file.
    public var offset: UInt64
    /// Whether the function's return is meant.
    public var isReturn: Bool
    /// The offset in the file of a 16-bit counter that the kernel raises while the probe is attached (USDT
    /// semaphores, Linux 4.20); 0 for none.
    public var counterOffset: UInt64

    /// Makes a place.
    public init(path: String, offset: UInt64, isReturn: Bool = false, counterOffset: UInt64 = 0) {
        self.path = path
        self.offset = offset
        self.isReturn = isReturn
        self.counterOffset = counterOffset
    }
}

/// Performance events (perf_event_open(2)).
public enum PerfEvent {
    #if DEBUG
        /// What a test puts in the kernel's place: gets the attribute bytes, the process and the CPU.
        @TaskLocal static var replacement: (@Sendable ([UInt8], Int32, Int32) -> Int)?
    #endif

    /// Opens an event.
    ///
    /// - Parameters:
    ///   - attributes: what to measure.
    ///   - process: a process, 0 for this one, -1 for all.
    ///   - cpu: a CPU, -1 for all; not both are -1.
    /// - Throws: `EACCES` or `EPERM` without rights (`CAP_PERFMON`, or /proc/sys/kernel/perf_event_paranoid),
    ///   `ENOENT` when the machine cannot count this, `EOPNOTSUPP` when it cannot sample it.
    public static func open(
        _ attributes: PerfEventAttributes, process: Int32, cpu: Int32
    ) throws(LinuxError) -> FileDescriptor {
        var raw = attributes.raw
        return try open(&raw, process, cpu)
    }

    /// Opens an event for the processes of a cgroup on one CPU (`PERF_FLAG_PID_CGROUP`, Linux 2.6.39).
    ///
    /// - Parameters:
    ///   - attributes: what to measure.
    ///   - cgroup: the descriptor of the cgroup's folder.
    ///   - cpu: a CPU.
    /// - Throws: `EINVAL` when the kernel lacks `CONFIG_CGROUP_PERF`.
    public static func open(
        _ attributes: PerfEventAttributes, cgroup: Int32, cpu: Int32
    ) throws(LinuxError) -> FileDescriptor {
        var raw = attributes.raw
        return try .adopting(call(&raw, cgroup, cpu, flags: 8 | 4), "perf_event_open")
    }

    /// Opens a uprobe through the `uprobe` PMU (Linux 4.17).
    ///
    /// - Parameters:
    ///   - place: where.
    ///   - process: a process, or -1 for all that map the binary.
    ///   - cpu: -1 with a process, 0 without: a probe without a process hits on all CPUs all the same.
    public static func openUprobe(
        _ place: UprobePlace, process: Int32 = -1, cpu: Int32 = 0
    ) throws(LinuxError) -> FileDescriptor {
        let type = try unit(named: "uprobe")
        var configuration: UInt64 = 0
        if place.isReturn {
            let bit = try formatBit(unit: "uprobe", field: "retprobe")
            configuration |= 1 << UInt64(bit)
        }
        // Upper half of config: where the counter is (PERF_UPROBE_REF_CTR_OFFSET_SHIFT).
        configuration |= place.counterOffset << 32
        var raw = PerfEventAttributes(type: type, configuration: configuration).raw
        raw.config2 = place.offset
        let answer = place.path.withCString { path in
            raw.config1 = UInt64(UInt(bitPattern: path))
            return call(&raw, process, process == -1 ? max(cpu, 0) : -1)
        }
        if answer < 0 { throw LinuxError(Errno(answer: answer), call: "perf_event_open(uprobe)", path: place.path) }
        return try .adopting(answer, "perf_event_open")
    }

    private static func open(
        _ raw: inout skep_perf_event_attributes, _ process: Int32, _ cpu: Int32
    ) throws(LinuxError) -> FileDescriptor {
        try .adopting(call(&raw, process, cpu), "perf_event_open")
    }

    private static func call(
        _ raw: inout skep_perf_event_attributes, _ process: Int32, _ cpu: Int32, flags: UInt = 8
    ) -> Int {
        #if DEBUG
            if let replacement { return replacement(withUnsafeBytes(of: raw) { [UInt8]($0) }, process, cpu) }
        #endif
        return skep_perf_event_open(&raw, process, cpu, -1, flags)  // PERF_FLAG_FD_CLOEXEC
    }

    /// Starts counting and sampling.
    public static func enable(_ event: Int32) throws(LinuxError) {
        _ = try checked(skep_ioctl(event, 0x2400, 0), "ioctl(PERF_EVENT_IOC_ENABLE)")
    }

    /// Stops counting and sampling.
    public static func disable(_ event: Int32) throws(LinuxError) {
        _ = try checked(skep_ioctl(event, 0x2401, 0), "ioctl(PERF_EVENT_IOC_DISABLE)")
    }

    /// Runs a program at each hit of the event, as long as the event is open (Linux 4.1).
    public static func setProgram(_ program: Int32, on event: Int32) throws(LinuxError) {
        _ = try checked(skep_ioctl(event, 0x4004_2408, UInt(bitPattern: Int(program))), "ioctl(PERF_EVENT_IOC_SET_BPF)")
    }

    /// Stops or resumes writing into the event's ring (Linux 4.7).
    public static func pauseOutput(_ isPaused: Bool, of event: Int32) throws(LinuxError) {
        _ = try checked(skep_ioctl(event, 0x4004_2409, isPaused ? 1 : 0), "ioctl(PERF_EVENT_IOC_PAUSE_OUTPUT)")
    }

    /// The number of a performance monitoring unit, such as `uprobe`.
    ///
    /// - Throws: `ENOENT` when the kernel has none of that name.
    public static func unit(named name: String) throws(LinuxError) -> UInt32 {
        let path = "/sys/bus/event_source/devices/\(name)/type"
        let text = try Files.readText(path, limit: 4096)
        guard let number = UInt32(text.prefix { $0 != "\n" }) else {
            throw LinuxError(.illegalBytes, call: "read", path: path)
        }
        return number
    }

    /// The bit of `config` that a unit's field has, from text such as `config:0`.
    static func formatBit(unit: String, field: String) throws(LinuxError) -> Int {
        let path = "/sys/bus/event_source/devices/\(unit)/format/\(field)"
        let text = try Files.readText(path, limit: 4096)
        guard text.hasPrefix("config:"), let bit = Int(text.dropFirst(7).prefix { $0.isNumber }), bit < 64 else {
            throw LinuxError(.illegalBytes, call: "read", path: path)
        }
        return bit
    }
}
