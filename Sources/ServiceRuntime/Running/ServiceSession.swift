// SPDX-License-Identifier: Apache-2.0

import BPF
public import BPFObject
import Diagnostics
import Linux
import Presentation
import Schema

/// One run of a service: load, attach, show rows until it ends, detach.
///
/// ```swift
/// let service = try PreparedService(.find("opensnoop"))
/// try ServiceSession.run(service, spec: service.spec, options: RunOptions())
/// ```
public final class ServiceSession {
    private let name: String
    private let options: RunOptions
    private let output: ServiceOutput
    private var running: RunningObject
    private let streams: [StreamPresenter]
    private let printReader: PrintReader?
    private let maps: [MapPresenter]
    private let state: StatePresenter?
    private let showsOnlyHistogramsOfState: Bool
    private let symbols: SymbolLookup
    private let iterators: IteratorRuns

    /// Runs a service until it is told to end.
    ///
    /// Ends after the wanted number of rows or time, on SIGINT, SIGTERM and SIGHUP, or when nobody reads its output.
    ///
    /// - Parameters:
    ///   - spec: the service's object with its parameters set.
    /// - Throws: an error that says what cannot be loaded or attached; nothing stays attached.
    public static func run(_ service: PreparedService, spec: ObjectSpec, options: RunOptions) throws {
        // Signals must be held before anything is attached, so that none ends the process halfway.
        let signals = try SignalDescriptor([2, 15, 1, 13])
        let session = try ServiceSession(service, spec, options)
        try session.loop(signals)
    }

    /// Whether an error says that the verifier does not accept a program, before anything was attached.
    public static func isRejection(_ error: any Error) -> Bool {
        (error as? BPFError)?.code == .rejected
    }

    private init(_ service: PreparedService, _ given: ObjectSpec, _ options: RunOptions) throws {
        name = service.name
        self.options = options
        let output = ServiceOutput(options)
        self.output = output
        var spec = given
        for (name, value) in options.state { try FlagParser.set(name, value, in: &spec) }
        let filter = try ProcessFilter(options, &spec)
        let launcher = try ServiceLauncher(service.name, options, output)
        let descriptions = spec.streams
        let printing = PrintReader.isNeeded(by: spec)
        var streams: [StreamPresenter] = []
        var printReader: PrintReader?
        var symbols: SymbolLookup?
        // Buffers are opened before programs run: what a program sends to a perf buffer without a reader is lost.
        running = try launcher.start(spec) { object in
            let lookup = SymbolLookup(object)
            var presentation = output.options
            presentation.symbols = lookup.stacks
            symbols = lookup
            streams = try StreamFactory(options, output, filter).make(
                descriptions, object: object, presentation: presentation,
                isMixed: descriptions.count + (printing ? 1 : 0) > 1)
            printReader =
                printing ? try? PrintReader(options: output.options, sink: output.sink, named: !streams.isEmpty) : nil
        }
        let object = running.object
        iterators = IteratorRuns(running.iterators, output, limit: options.count)
        self.streams = streams
        self.printReader = printReader
        self.symbols = symbols ?? SymbolLookup(object)
        if printing, printReader == nil {
            output.warn("the output of bpf_printk() cannot be read: tracefs is not available")
        }
        let histograms = StatePresenter.histograms(in: spec)
        let shown = try MapSelection(spec, options).names(
            streams: !streams.isEmpty || printing || !running.iterators.isEmpty, others: histograms)
        var run = options
        // What this kernel does not have cannot be shown.
        let existing = shown.filter { object.report.missingMaps[$0] == nil }
        run.maps = existing
        maps = try existing.map { [output, symbols = self.symbols] name in
            try MapPresenter(
                object.map(named: name), spec: spec, run: run, output: output, symbols: symbols.stacks)
        }
        let hasHistograms = streams.isEmpty && options.maps.isEmpty && histograms
        let showsState =
            options.showsState || hasHistograms
            || (streams.isEmpty && maps.isEmpty && !printing && running.iterators.isEmpty)
        showsOnlyHistogramsOfState = !options.showsState && hasHistograms
        state = showsState ? StatePresenter(object, output: output) : nil
    }

    /// How often new processes are looked for, in nanoseconds: most that use a processor live longer.
    private static let observationPeriod: UInt64 = 200_000_000

    /// How long the last rows and maps may take to be written, in nanoseconds.
    private static let lastOutputLimit: UInt64 = 5_000_000_000

    private enum Token {
        static let signal: UInt64 = 0
        static let interval: UInt64 = 1
        static let end: UInt64 = 2
        static let print: UInt64 = 3
        static let observation: UInt64 = 4
        static let firstStream: UInt64 = 16
    }

    private func loop(_ signals: borrowing SignalDescriptor) throws {
        let start = Clock.monotonic()
        if runsOnlyIterators { return try iterateOnce(signals, since: start) }
        let epoll = try Epoll()
        try epoll.add(signals.rawValue, token: Token.signal)
        let interval = try TimerDescriptor()
        if let period = options.interval, period > 0 {
            try interval.set(after: period, repeatingEvery: period)
            try epoll.add(interval.rawValue, token: Token.interval)
        }
        let end = try TimerDescriptor()
        if let duration = options.duration {
            try end.set(after: max(duration, 1))
            try epoll.add(end.rawValue, token: Token.end)
        }
        for (index, stream) in streams.enumerated() {
            try epoll.add(stream.descriptor, token: Token.firstStream + UInt64(index))
        }
        let observation = try TimerDescriptor()
        if maps.contains(where: \.observesProcesses) {
            try observation.set(after: Self.observationPeriod, repeatingEvery: Self.observationPeriod)
            try epoll.add(observation.rawValue, token: Token.observation)
        }
        // A reader that does not read must not keep the run from ending.
        output.writer.interrupts = [signals.rawValue] + (options.duration == nil ? [] : [end.rawValue])
        defer { output.writer.interrupts = [] }
        if let printReader { try epoll.add(printReader.rawDescriptor, token: Token.print) }
        output.say("running \(name), \(running.summary); Ctrl-C ends it")
        if streams.isEmpty, printReader == nil, maps.isEmpty, state?.isEmpty ?? true, iterators.isEmpty {
            output.say("the service has no buffer, map or variable to show")
        }
        if output.isVerbose { for line in running.descriptions { output.warn("attached to \(line)") } }

        var isRunning = true
        while isRunning, output.sink.isOpen {
            // A limited reading uses up a perf buffer's wake-up.
            let more = streams.filter(\.hasMore)
            for stream in more { stream.drain(remaining: remaining) }
            for event in try epoll.wait(milliseconds: more.isEmpty ? -1 : 0) {
                switch event.token {
                case Token.signal:
                    // SIGPIPE only says that the next write will fail.
                    while let signal = signals.next() { if signal != 13 { isRunning = false } }
                case Token.interval:
                    _ = interval.expirations()
                    try showMaps()
                    try iterators.run(unless: [signals.rawValue])
                case Token.end:
                    _ = end.expirations()
                    isRunning = false
                case Token.observation:
                    _ = observation.expirations()
                    for map in maps { map.observe(symbols) }
                case Token.print: printReader?.drain()
                default:
                    let index = Int(event.token - Token.firstStream)
                    if streams.indices.contains(index) { streams[index].drain(remaining: remaining) }
                }
            }
            output.sink.wakeUpEnded()
            if remaining <= 0 { isRunning = false }
        }
        // Iterators show what the others have gathered, so they run while all are attached.
        if options.interval == nil { try iterators.run(unless: []) }
        running.attachments.detach()
        // A reader that has stopped reading does not hold up the end for ever.
        _ = end.expirations()
        try end.set(after: Self.lastOutputLimit)
        output.writer.interrupts = [signals.rawValue, end.rawValue]
        // What was sent before the programs were detached is shown too.
        for stream in streams {
            while remaining > 0, output.sink.isOpen, stream.drain(remaining: remaining) {}
            // Nobody gets these any more, but their number is told.
            while output.writer.gaveUp, stream.drain(remaining: Int.max) {}
        }
        printReader?.drain()
        if options.interval == nil || maps.contains(where: \.showsAtEnd) || state != nil { try showMaps() }
        output.sink.flush()
        summarise(since: start)
        if let failure = output.sink.failure { throw failure }
    }

    /// Whether there is nothing to wait for.
    private var runsOnlyIterators: Bool {
        !iterators.isEmpty && running.attachments.isEmpty && options.interval == nil && !options.iteratesAtEnd
    }

    private func iterateOnce(_ signals: borrowing SignalDescriptor, since start: UInt64) throws {
        if output.isVerbose { for line in running.descriptions { output.warn("attached to \(line)") } }
        output.writer.interrupts = [signals.rawValue]
        defer { output.writer.interrupts = [] }
        try iterators.run(unless: [signals.rawValue])
        printReader?.drain()
        try showMaps()
        output.sink.flush()
        options.observer?(.ended(rows: counters.shown, lost: 0, matches: options.conditions.map { _ in 0 }))
        if let failure = output.sink.failure { throw failure }
    }

    private var counters: RowCounters {
        streams.reduce((printReader?.counters ?? RowCounters()) + iterators.counters) { $0 + $1.counters }
    }

    /// How many rows may still be shown.
    private var remaining: Int {
        guard let count = options.count else { return Int.max }
        return count - Int(clamping: counters.shown)
    }

    private func showMaps() throws {
        for map in maps { try map.show(spec: running.object.spec) }
        try state?.show(onlyHistograms: showsOnlyHistogramsOfState)
    }

    private func summarise(since start: UInt64) {
        var total = counters
        total.lost &+= running.object.lostRecords
        if output.writer.gaveUp {
            let notTaken = min(output.writer.linesNotTaken, total.shown)
            total.shown &-= notTaken
            total.lost &+= total.unwritten &+ notTaken
        }
        let seconds = Double(Clock.monotonic() &- start) / 1_000_000_000
        let tenths = Int(seconds * 10)
        let time = "\(tenths / 10).\(tenths % 10) s"
        options.observer?(
            .ended(
                rows: total.shown, lost: total.lost,
                matches: options.conditions.indices.map { index in
                    streams.reduce(0) { $0 &+ $1.matches[index] }
                }))
        guard !streams.isEmpty || printReader != nil || !iterators.isEmpty else {
            return output.say("ended after \(time)")
        }
        let text = "\(total.summary) in \(time)"
        // Losing records silently would make every conclusion from the rows doubtful.
        if total.lost > 0 { output.warn(text) } else { output.say(text) }
    }
}
