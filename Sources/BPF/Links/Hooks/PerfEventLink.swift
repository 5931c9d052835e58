// SPDX-License-Identifier: Apache-2.0

import Linux

/// Attaches programs to perf events, which is how tracepoints, probes and samples are reached.
enum PerfEventLink {
    /// Runs a program whenever an event happens.
    ///
    /// - Note: a link since Linux 5.15 (with cookies), an ioctl before.
    static func attach(
        _ program: Int32, to event: consuming FileDescriptor, cookie: UInt64
    ) throws(LinuxError) -> LinkPart {
        let event = SharedDescriptor(name: "perf event", descriptor: event)
        if KernelVersion.current >= KernelVersion(5, 15) {
            do throws(LinuxError) {
                let link = try BPFSystemCall.createLink(
                    LinkCreation(
                        program: program, targetDescriptor: event.descriptor.rawValue, attachType: perfEventAttachType,
                        detail: .perfEvent(cookie: cookie)))
                try PerfEvent.enable(event.descriptor.rawValue)
                return LinkPart(link, keeping: event)
            } catch {
                guard error.errno == .invalidArgument, cookie == 0 else { throw error }
            }
        }
        try PerfEvent.setProgram(program, on: event.descriptor.rawValue)
        try PerfEvent.enable(event.descriptor.rawValue)
        return LinkPart(event: event)
    }

    /// `BPF_PERF_EVENT` of `enum bpf_attach_type`.
    private static let perfEventAttachType: UInt32 = 41
}
