// SPDX-License-Identifier: Apache-2.0

import BPF
import BPFObject
import Diagnostics
import Presentation

/// Makes the presenters of a service's streams, each with the options that fit it.
struct StreamFactory {
    private let run: RunOptions
    private let output: ServiceOutput
    private let process: ProcessFilter

    init(_ run: RunOptions, _ output: ServiceOutput, _ process: ProcessFilter) {
        self.run = run
        self.output = output
        self.process = process
    }

    func make(
        _ streams: [StreamDescription], object: LoadedObject, presentation: PresentationOptions, isMixed: Bool
    ) throws -> [StreamPresenter] {
        var made: [StreamPresenter] = []
        var failure: (any Error)?
        // Of several buffers, those that this kernel lacks are left out; the program uses another one.
        for stream in streams where object.report.missingMaps[stream.map] == nil {
            if stream.rows.isEmpty {
                output.say(
                    "the type of the records of \(stream.map) is not known, so they are shown as bytes; "
                        + "name it with --event \(stream.map)=STRUCT")
            }
            var options = presentation
            options.name = isMixed ? stream.map : nil
            options.columns = run.columns ?? []
            options.filter = process.expression(for: stream, types: object.spec.types, with: run.filter)
            do {
                made.append(
                    try StreamPresenter(
                        stream, map: try object.map(named: stream.map), types: object.spec.types, options: options,
                        sink: output.sink, conditions: run.conditions))
            } catch let error as PresentationError {
                // With several streams, a filter or choice of columns may be meant for one of them.
                failure = error
            }
        }
        if let failure {
            guard !made.isEmpty else { throw failure }
            output.say("a stream is left out: \((failure as? any DiagnosticError)?.message ?? "\(failure)")")
        }
        return made
    }
}
