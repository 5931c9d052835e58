// SPDX-License-Identifier: Apache-2.0

import Linux
import Presentation

/// Where a service's rows go, and how they look: made once for a run.
struct ServiceOutput {
    let sink: OutputSink
    let writer: OutputWriter
    let options: PresentationOptions
    let isQuiet: Bool
    let isVerbose: Bool

    init(_ run: RunOptions) {
        let isTerminal = Terminal.isTerminal(1)
        let writer = OutputWriter()
        self.writer = writer
        sink = OutputSink(isInteractive: true) { writer.write($0) }
        var options = PresentationOptions()
        options.format = run.format
        options.width = isTerminal ? Terminal.size(1)?.columns : nil
        options.usesColor = isTerminal && (Environment.variable("NO_COLOR") ?? "").isEmpty
        options.clock = WallClock(
            monotonicOffset: Int64(clamping: Clock.monotonicToReal()), utcOffset: Clock.localOffset())
        self.options = options
        isQuiet = run.isQuiet
        isVerbose = run.isVerbose
    }

    /// Tells a person something that is no row.
    func say(_ text: String) {
        guard !isQuiet else { return }
        warn(text)
    }

    /// Tells what a person must know even if nothing else is to be said.
    func warn(_ text: String) {
        sink.flush()
        try? FileDescriptor.write(Array(("skep: " + text + "\n").utf8), to: 2)
    }
}
