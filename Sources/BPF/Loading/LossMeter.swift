// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Bytes
import Diagnostics
import Linux

/// The counters of the records that did not fit into ring buffers.
final class LossMeter: Sendable {
    private let counter: LossCounter
    private let memory: DataSectionMemory
    /// Programs hold the map too; this keeps it for the time before they are loaded.
    let map: UntypedMap

    init(_ counter: LossCounter, map: UntypedMap, memory: DataSectionMemory) {
        self.counter = counter
        self.map = map
        self.memory = memory
    }

    /// The records that one ring buffer could not take; `nil` is the counter of those that the code does not name.
    func count(of stream: String?) -> UInt64 {
        if let stream, !counter.streams.contains(stream) { return 0 }
        return count(at: counter.offset(of: stream))
    }

    /// The records that no ring buffer could take.
    var total: UInt64 {
        counter.streams.reduce(count(at: counter.offset(of: nil))) { $0 &+ count(at: counter.offset(of: $1)) }
    }

    private func count(at offset: Int) -> UInt64 {
        guard let bytes = memory.read(offset: offset, count: LossCounter.counterSize) else { return 0 }
        return bytes.span.bytes.integer(at: 0, as: UInt64.self, order: .host) ?? 0
    }
}

extension ObjectLoader {
    /// Makes the functions count what does not fit into ring buffers.
    ///
    /// Counting is a help: what stands in its way is reported, and the object is loaded without it.
    mutating func countLosses() {
        guard options.countsLostRecords, has(.globalData), let counter = LossCounter(spec) else { return }
        do throws(BPFError) {
            var map = counter.map
            map.flags |= MapFlags.memoryMappable
            let made = try create(map, cpus: 1)
            let count = map.section?.contents.count ?? 0
            do throws(LinuxError) {
                let memory = try DataSectionMemory(map: made.rawDescriptor, count: count)
                losses = LossMeter(counter, map: made, memory: memory)
            } catch {
                throw BPFError.system(error, "cannot map the counters")
            }
            maps[map.name] = made
            functions = counter.functions
            for (function, reason) in counter.uncounted.sorted(by: { $0.key < $1.key }) {
                report.entries.append(.uncountedLosses(function: function, reason: reason))
            }
        } catch {
            report.entries.append(.uncountedLosses(function: spec.name, reason: error.chain))
        }
    }
}
