// SPDX-License-Identifier: Apache-2.0

import Diagnostics
public import Linux

/// Reads the records that programs send with `bpf_perf_event_output`: one ring per CPU, behind a perf event array map.
///
/// Records of different CPUs are not in order. Where the kernel has ring buffers (Linux 5.8), prefer ``RingBuffer``:
/// it needs less memory, keeps the order and wakes less often.
///
/// ```swift
/// var buffer = try PerfBuffer(object.map(named: "events"))
/// while try buffer.wait(milliseconds: 100) {
///     buffer.drain { cpu, record in print(cpu, record.byteCount) }
/// }
/// print("lost:", buffer.lostRecords)
/// ```
///
/// - Note: `BPF_MAP_TYPE_PERF_EVENT_ARRAY`, Linux 4.4; `kernel/events/core.c`.
public struct PerfBuffer: ~Copyable, Sendable {
    /// How a perf buffer is set up.
    public struct Options: Sendable, Hashable {
        /// Pages of 4096 bytes (the machine's page size) for each CPU; rounded up to a power of 2, 1 to 65536.
        public var pagesPerCPU = 64
        /// When a waiting reader is woken: after so many records, or when so many bytes wait.
        public var wakeup = PerfEventAttributes.Wakeup.events(1)

        /// The default: 64 pages, woken at every record.
        public init() {}

        var rounded: Options {
            var rounded = self
            let pages = min(max(pagesPerCPU, 1), 1 << 16)
            rounded.pagesPerCPU =
                pages.nonzeroBitCount == 1 ? pages : 1 << (Int.bitWidth - pages.leadingZeroBitCount)
            return rounded
        }
    }

    @usableFromInline var rings: [PerfRing]
    /// Where the next reading starts, so that a busy CPU does not keep others waiting.
    @usableFromInline var first = 0
    private let epoll: Epoll
    private let map: FileDescriptor
    private let options: Options
    private let capacity: Int

    /// Opens the perf event array.
    public init(_ map: UntypedMap, options: Options = Options()) throws(BPFError) {
        try self.init(mapDescriptor: map.rawDescriptor, options: options)
    }

    /// Opens the perf event array behind a map's descriptor, which is duplicated, with a ring for each CPU that is on.
    ///
    /// - Throws: ``BPFError`` with the code `invalidArgument` when the map is of another kind, `refused` without
    ///   `CAP_PERFMON`, or when the rings need more locked memory than permitted (/proc/sys/kernel/perf_event_mlock_kb).
    public init(mapDescriptor: Int32, options: Options = Options()) throws(BPFError) {
        let information: MapInformation
        do throws(LinuxError) {
            information = try BPFSystemCall.mapInformation(of: mapDescriptor)
        } catch {
            throw BPFError.system(error, "cannot open the perf buffer")
        }
        guard information.kind == 4 else {
            throw BPFError(
                .invalidArgument, "the map is not a perf event array", context: [.init("map", information.name)])
        }
        do throws(LinuxError) {
            let map = try FileDescriptor.duplicating(mapDescriptor)
            let epoll = try Epoll()
            let options = options.rounded
            let capacity = Int(information.maxEntries)
            let rings = try Self.openRings(
                besides: [], map: map.rawValue, capacity: capacity, options: options, epoll: epoll)
            self.init(map: map, epoll: epoll, capacity: capacity, options: options, rings: rings)
        } catch {
            throw BPFError.system(error, "cannot open the perf buffer")
        }
    }

    private init(
        map: consuming FileDescriptor, epoll: consuming Epoll, capacity: Int, options: Options, rings: [PerfRing]
    ) {
        self.map = map
        self.epoll = epoll
        self.capacity = capacity
        self.options = options
        self.rings = rings
    }

    deinit {
        for ring in rings { ring.leave(map.rawValue) }
    }

    /// Opens rings for CPUs that were switched on since; those of CPUs that were switched off stay and are silent.
    public mutating func addOnlineCPUs() throws(BPFError) {
        do throws(LinuxError) {
            rings += try Self.openRings(
                besides: rings, map: map.rawValue, capacity: capacity, options: options, epoll: epoll)
        } catch {
            throw BPFError.system(error, "cannot open perf events for new CPUs")
        }
    }

    private static func openRings(
        besides known: [PerfRing], map: Int32, capacity: Int, options: Options, epoll: borrowing Epoll
    ) throws(LinuxError) -> [PerfRing] {
        var rings: [PerfRing] = []
        for cpu in try ProcessorList.online() where cpu < capacity && !known.contains(where: { $0.cpu == cpu }) {
            do throws(LinuxError) {
                let ring = try PerfRing(cpu: cpu, map: map, pages: options.pagesPerCPU, wakeup: options.wakeup)
                try epoll.add(ring.descriptor, token: UInt64(cpu))
                rings.append(ring)
            } catch {
                // It may have been switched off in this moment.
                if error.errno == .noSuchDevice { continue }
                for ring in rings { ring.leave(map) }
                throw error.adding(DiagnosticContext("cpu", cpu))
            }
        }
        return rings
    }

    /// A descriptor for use in an event loop, ready for reading when a CPU has woken this reader; borrowed.
    ///
    /// See ``hasRecords`` for what remains after a limited reading.
    public var fileDescriptor: Int32 { epoll.rawValue }

    /// Waits until there are records or the time is up.
    ///
    /// - Parameter milliseconds: how long to wait; negative is for ever, 0 not at all.
    /// - Returns: whether there are records; also `false` when a signal came.
    public func wait(milliseconds: Int32) throws(BPFError) -> Bool {
        if hasRecords { return true }
        do throws(LinuxError) {
            return try !epoll.wait(milliseconds: milliseconds, capacity: 1).isEmpty
        } catch {
            throw BPFError.system(error, "cannot wait for the perf buffer")
        }
    }

    /// Whether records wait now.
    ///
    /// The descriptor is ready once for each wake-up of the kernel's, and not again for what a limited ``drain(limit:_:)``
    /// left: in an event loop of your own, go on while this is true.
    ///
    /// - Complexity: O(CPUs).
    public var hasRecords: Bool { rings.contains { $0.hasRecords } }

    /// Hands out the records that are there, CPU by CPU, without copying but for those that go over a ring's end.
    ///
    /// - Parameters:
    ///   - limit: the most records; the next call then begins with the CPU after the one that was read last.
    ///   - body: gets the CPU and the bytes. Their number is what the program gave, rounded up so that it and 4 more
    ///     are a multiple of 8. When `body` throws, its record counts as read.
    /// - Returns: how many records were handed out.
    @inlinable
    @discardableResult
    public mutating func drain<Failure: Error>(
        limit: Int = .max, _ body: (_ cpu: Int, _ record: RawSpan) throws(Failure) -> Void
    ) throws(Failure) -> Int {
        var count = 0
        let start = first
        for offset in rings.indices where count < limit {
            let index = (start &+ offset) % rings.count
            count &+= try rings[index].drain(limit: limit &- count, body)
            first = index &+ 1
        }
        return count
    }

    /// How many records the kernel had to drop because a ring was full, as far as it was told while reading.
    public var lostRecords: UInt64 { rings.reduce(0) { $0 &+ $1.lost } }

    /// The same for each CPU.
    public var lostRecordsPerCPU: [Int: UInt64] {
        Dictionary(rings.map { ($0.cpu, $0.lost) }, uniquingKeysWith: { $1 })
    }
}
