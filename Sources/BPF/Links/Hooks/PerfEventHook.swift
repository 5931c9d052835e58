// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Linux

/// Samples: the program runs so many times a second on every CPU, or in one process.
///
/// - Note: Linux 4.9, `kernel/events/core.c`.
enum PerfEventHook: Hook {
    static let families: [HookFamily] = [.perfEvent]

    static func attach(_ program: Program, options: AttachOptions) throws(BPFError) -> Link {
        var parts: [LinkPart] = []
        let name = "\(options.frequency) samples a second"
        do throws(LinuxError) {
            for cpu in try ProcessorList.online() {
                let event = try open(options, cpu: Int32(cpu))
                parts.append(try PerfEventLink.attach(program.rawDescriptor, to: event, cookie: options.cookie))
            }
        } catch {
            throw program.attachError(error, to: name)
        }
        return Link(name, parts: parts)
    }

    /// The processor's cycles where they can be counted, which also reaches code that holds off interrupts, else the
    /// kernel's clock.
    private static func open(_ options: AttachOptions, cpu: Int32) throws(LinuxError) -> FileDescriptor {
        var cycles = PerfEventAttributes.cpuCycles
        cycles.sampling = .frequency(options.frequency)
        if let event = try? PerfEvent.open(cycles, process: options.process ?? -1, cpu: cpu) { return event }
        var clock = PerfEventAttributes.cpuClock
        clock.sampling = .frequency(options.frequency)
        return try PerfEvent.open(clock, process: options.process ?? -1, cpu: cpu)
    }
}
