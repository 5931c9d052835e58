// SPDX-License-Identifier: Apache-2.0

import Glibc
import Linux

/// From the start of an opensnoop to the first row of an open that this process does all the while.
struct StartMeasurement {
    let program: String
    let arguments: [String]

    /// Milliseconds to the row, and the most memory in bytes until a little later.
    func run() throws -> (milliseconds: Double, bytes: Double) {
        let name = "skep-bench-\(getpid())"
        let path = "/tmp/\(name)"
        let start = Clock.monotonic()
        let process = try TerminalProcess(program, arguments)
        defer { process.end() }
        let end = try process.wait(for: name, seconds: 20) { close(open(path, O_RDONLY)) }
        // A few rows more, for what comes only with them.
        for _ in 0..<20 {
            close(open(path, O_RDONLY))
            usleep(1000)
        }
        return (Double(end - start) / 1e6, try process.peakMemory())
    }
}
