// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Linux

/// Functions of executables and libraries: `uprobe/PATH:FUNCTION+OFFSET`, `uretprobe/PATH:FUNCTION`.
///
/// - Note: Linux 4.17 for the `uprobe` event source, tracefs before; `kernel/trace/trace_uprobe.c`.
enum UprobeHook: Hook {
    static let families: [HookFamily] = [.uprobe]

    static func attach(_ program: Program, options: AttachOptions) throws(BPFError) -> Link {
        let target = try ExecutableTarget(program, options)
        let name = program.spec.hook?.name ?? ""
        try program.requireCookies(options.cookie)
        let place = UprobePlace(
            path: target.path, offset: try target.offset(of: target.function, program: program),
            isReturn: name.hasPrefix("uret"), counterOffset: options.counterOffset)
        do throws(LinuxError) {
            let part = try attach(program, place, options)
            return Link("\(name) \(target.path):\(target.function)", parts: [part])
        } catch {
            throw program.attachError(error, to: "\(target.path):\(target.function)")
        }
    }

    /// Attaches to one place of a file.
    static func attach(
        _ program: Program, _ place: UprobePlace, _ options: AttachOptions, cookie: UInt64? = nil
    ) throws(LinuxError) -> LinkPart {
        let process = options.process ?? -1
        let cookie = cookie ?? options.cookie
        if options.probeMethod != .traceFiles {
            do throws(LinuxError) {
                let event = try PerfEvent.openUprobe(place, process: process)
                return try PerfEventLink.attach(program.rawDescriptor, to: event, cookie: cookie)
            } catch {
                let hasNoSource = error.errno == .noSuchFileOrDirectory && !error.call.hasPrefix("perf_event_open")
                guard hasNoSource, options.probeMethod == .automatic else { throw error }
            }
        }
        var text = "\(place.path):0x\(String(place.offset, radix: 16))"
        if place.counterOffset != 0 { text += "(0x\(String(place.counterOffset, radix: 16)))" }
        return try TraceProbeLink.attach(
            program.rawDescriptor, .user, text, isReturn: place.isReturn, process: process, cookie: cookie)
    }
}
