// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Linux

/// Performance events: the program runs so many times a second, or every so many events, on every CPU or in one process.
///
/// - Note: Linux 4.9, `kernel/events/core.c`.
enum PerfEventHook: Hook {
    static let families: [HookFamily] = [.perfEvent]

    static func attach(_ program: Program, options: AttachOptions) throws(BPFError) -> Link {
        let event = try event(options, program)
        var name = options.period.map { "every \($0) events" } ?? "\(options.frequency) samples a second"
        if let given = options.perfEvent { name += " of \(given)" }
        if let event, options.period == nil, event.type == Self.breakpointType { name = options.perfEvent ?? name }
        var parts: [LinkPart] = []
        do throws(LinuxError) {
            // An event of a thread follows it on all processors.
            let processors: [Int]
            if let given = options.processors {
                processors = given
            } else {
                processors = options.process == nil ? try ProcessorList.online() : [-1]
            }
            for thread in try threads(options.process) {
                for cpu in processors {
                    guard let event = try open(event, thread, options, cpu: Int32(cpu)) else { continue }
                    parts.append(try PerfEventLink.attach(program.rawDescriptor, to: event, cookie: options.cookie))
                }
            }
            if parts.isEmpty { throw LinuxError(.noSuchProcess, call: "perf_event_open") }
        } catch {
            if error.errno == .noSuchFileOrDirectory || error.errno == .noSuchDevice, let given = options.perfEvent {
                throw BPFError(
                    .notSupported, "this machine does not count \(given)",
                    context: [.init("program", program.name)],
                    hint: "virtual machines often have no hardware counters; sw:cpu-clock always works", cause: error)
            }
            throw program.attachError(error, to: name)
        }
        return Link(name, parts: parts)
    }

    /// The event that the options name; nil for the usual one.
    private static func event(
        _ options: AttachOptions, _ program: Program
    ) throws(BPFError) -> PerfEventAttributes? {
        guard let text = options.perfEvent else { return nil }
        guard let meaning = PerfEventName.parse(text) else {
            throw BPFError(
                .invalidArgument, "\(text) is no performance event", context: [.init("program", program.name)],
                hint: "known are \(PerfEventName.known.joined(separator: ", ")), breakpoint:ADDRESS:rw:LENGTH, "
                    + "tracepoint:CATEGORY:NAME, rHEX and pmu:NAME:NUMBER")
        }
        do throws(LinuxError) {
            var attributes: PerfEventAttributes
            switch meaning {
            case .event(let event): attributes = event
            case .tracepoint(let category, let name):
                attributes = .tracepoint(try TraceFileSystem().tracepointID(category: category, name: name))
            case .unit(let name, let configuration):
                attributes = PerfEventAttributes(type: try PerfEvent.unit(named: name), configuration: configuration)
            }
            attributes.sampling = sampling(options, isBreakpoint: attributes.type == breakpointType)
            return attributes
        } catch {
            throw program.attachError(error, to: text)
        }
    }

    /// `PERF_TYPE_BREAKPOINT`: every hit counts unless told otherwise.
    private static let breakpointType: UInt32 = 5

    private static func sampling(_ options: AttachOptions, isBreakpoint: Bool) -> PerfEventAttributes.Sampling {
        if let period = options.period { return .period(period) }
        return isBreakpoint ? .period(1) : .frequency(options.frequency)
    }

    /// What events are opened for: all of the machine, or each thread that a process has now, since the kernel counts
    /// threads; those that it makes later inherit the event.
    private static func threads(_ process: Int32?) throws(LinuxError) -> [Int32] {
        guard let process, process > 0 else { return [process ?? -1] }
        do throws(LinuxError) {
            return try Processes.threads(of: process)
        } catch {
            throw error.errno == .noSuchFileOrDirectory
                ? LinuxError(.noSuchProcess, call: "perf_event_open", context: error.context) : error
        }
    }

    /// Opens the named event; without one the processor's cycles where they can be counted, which also reaches code that
    /// holds off interrupts, else the kernel's clock. Answers `nil` for a thread that has just ended.
    private static func open(
        _ event: PerfEventAttributes?, _ thread: Int32, _ options: AttachOptions, cpu: Int32
    ) throws(LinuxError) -> FileDescriptor? {
        var flags: PerfEventAttributes.Flags = []
        if thread > 0 {
            flags = KernelVersion.current < "5.13" ? [.inherit] : [.inherit, .inheritThreads]
        }
        do throws(LinuxError) {
            if var event {
                event.flags.formUnion(flags)
                return try PerfEvent.open(event, process: thread, cpu: cpu)
            }
            var cycles = PerfEventAttributes.cpuCycles
            cycles.sampling = sampling(options, isBreakpoint: false)
            cycles.flags.formUnion(flags)
            if let event = try? PerfEvent.open(cycles, process: thread, cpu: cpu) { return event }
            var clock = PerfEventAttributes.cpuClock
            clock.sampling = sampling(options, isBreakpoint: false)
            clock.flags.formUnion(flags)
            return try PerfEvent.open(clock, process: thread, cpu: cpu)
        } catch {
            if error.errno == .noSuchProcess, thread > 0, thread != options.process { return nil }
            throw error
        }
    }
}
