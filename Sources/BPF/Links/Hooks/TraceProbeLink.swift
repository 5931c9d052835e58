// SPDX-License-Identifier: Apache-2.0

import Linux
import Synchronization

/// Attaches programs to probes that are defined through tracefs.
enum TraceProbeLink {
    /// Defines a probe and runs a program whenever it is hit; both end together.
    static func attach(
        _ program: Int32, _ kind: TraceProbe.Kind, _ place: String, isReturn: Bool, process: Int32 = -1, cookie: UInt64
    ) throws(LinuxError) -> LinkPart {
        let probe = Holder(try TraceProbe(kind, place, isReturn: isReturn))
        let event = try PerfEvent.open(
            .tracepoint(probe.id), process: process, cpu: process == -1 ? 0 : -1)
        let part = Part(try PerfEventLink.attach(program, to: event, cookie: cookie))
        // The kernel keeps a probe that is in use, so the event goes first.
        return LinkPart { [probe, part] in
            part.end()
            probe.end()
        }
    }

    private final class Holder: Sendable {
        let id: UInt64
        private let probe: Mutex<TraceProbe?>

        init(_ probe: consuming TraceProbe) {
            id = probe.id
            self.probe = Mutex(probe)
        }

        func end() { probe.withLock { $0 = nil } }
    }

    private final class Part: Sendable {
        private let part: Mutex<LinkPart?>

        init(_ part: LinkPart) { self.part = Mutex(part) }

        func end() { part.withLock { $0 = nil } }
    }
}
