// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Linux

/// Counting of runs and run time of all programs of the machine, as long as this value lives.
///
/// Each run then costs some 20 to 100 ns more, so this is for a while only.
///
/// ```swift
/// let statistics = try RunStatistics()
/// Clock.sleep(1_000_000_000)
/// print(try LiveProgram(id: 42).information.runCount)
/// statistics.end()
/// ```
///
/// - Note: `BPF_ENABLE_STATS`, Linux 5.8, needs `CAP_SYS_ADMIN`.
public struct RunStatistics: ~Copyable, Sendable {
    private let descriptor: FileDescriptor

    /// Turns counting on.
    ///
    /// - Throws: ``BPFError`` with code `notSupported` before Linux 5.8.
    public init() throws(BPFError) {
        do throws(LinuxError) {
            descriptor = try BPFSystemCall.enableStatistics()
        } catch {
            if error.errno == .invalidArgument {
                throw BPFError(
                    .notSupported, "counting runs on demand needs Linux 5.8, this is \(KernelVersion.current)",
                    hint: "the sysctl kernel.bpf_stats_enabled counts all the time", cause: error)
            }
            throw BPFError.system(error, "runs cannot be counted")
        }
    }

    /// Turns counting off, unless someone else counts too.
    public consuming func end() {}
}
