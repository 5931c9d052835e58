// SPDX-License-Identifier: Apache-2.0

import BPF
import Linux
import Presentation

/// The iterators of a run: each time, all of them in the object's order, with headings where there are several.
final class IteratorRuns {
    private let iterators: [AttachedIterator]
    private let output: ServiceOutput
    private let limit: Int
    /// The lines so far.
    private(set) var counters = RowCounters()

    /// - Parameter limit: the most lines in all.
    init(_ iterators: [AttachedIterator], _ output: ServiceOutput, limit: Int?) {
        self.iterators = iterators
        self.output = output
        self.limit = limit ?? Int.max
    }

    var isEmpty: Bool { iterators.isEmpty }

    /// Runs all once.
    ///
    /// - Parameter interrupts: descriptors that end it early when they have something to read.
    func run(unless interrupts: [Int32]) throws {
        var isFirst = true
        for iterator in iterators where output.sink.isOpen && counters.shown < limit {
            if iterators.count > 1, output.options.format == .table {
                output.sink.write(line: (isFirst ? "" : "\n") + "\(iterator.name) (\(iterator.reader.description))")
                isFirst = false
            }
            let printer = WrittenTextPrinter(
                name: iterator.name, isText: !iterator.writesBytes, options: output.options, sink: output.sink,
                limit: limit - Int(clamping: counters.shown))
            try iterator.reader.run { bytes in
                printer.write(bytes, received: Int64(clamping: Clock.real()))
                let isInterrupted = interrupts.contains { (try? Poll.wait(for: $0, milliseconds: 0)) ?? false }
                return printer.isOpen && !isInterrupted
            }
            printer.end(received: Int64(clamping: Clock.real()))
            counters.shown &+= printer.counters.shown
        }
        output.sink.wakeUpEnded()
    }
}
