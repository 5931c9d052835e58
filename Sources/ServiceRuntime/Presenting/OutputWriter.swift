// SPDX-License-Identifier: Apache-2.0

import Linux
import Presentation

/// Writes rows to standard output, without being held for ever by a reader that does not read.
///
/// While a pipe is full nothing is read from the service's buffers either, so memory stays bounded and the kernel drops, and
/// counts, what does not fit.
final class OutputWriter {
    /// What ends the wait for a slow reader: descriptors of signals and of the run's end.
    var interrupts: [Int32] = []

    /// Whether a slow reader was given up, and how many lines it has not got of those that were written for it.
    private(set) var gaveUp = false
    private(set) var linesNotTaken: UInt64 = 0

    /// A pipe that is ready takes this much without waiting (`PIPE_BUF`).
    private static let portion = 4096

    func write(_ bytes: UnsafeRawBufferPointer) -> WriteOutcome {
        var rest = bytes[...]
        while !rest.isEmpty {
            do throws(LinuxError) {
                if !interrupts.isEmpty, try !Poll.waitToWrite(1, unless: interrupts) {
                    gaveUp = true
                    linesNotTaken &+= UInt64(rest.count { $0 == UInt8(ascii: "\n") })
                    return .closed
                }
                let portion = interrupts.isEmpty ? rest.count : min(Self.portion, rest.count)
                try FileDescriptor.write(Array(rest.prefix(portion)), to: 1)
                rest = rest.dropFirst(portion)
            } catch {
                return error.errno == .brokenPipe ? .closed : .failed(error)
            }
        }
        return .written
    }
}
