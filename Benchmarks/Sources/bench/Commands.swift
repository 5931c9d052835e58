// SPDX-License-Identifier: Apache-2.0

import Linux

/// Programs that measure themselves, and how long others take.
enum Commands {
    /// The numbers that a program prints.
    static func numbers(_ program: String, _ arguments: [String] = []) throws -> [Double] {
        let result = try ChildProcess.run(program, arguments, timeLimit: 60_000)
        guard result.isSuccess else {
            let errors = String(decoding: result.errors, as: UTF8.self)
            throw TerminalProcess.Failure(description: "\(program) ended with \(result.ending): \(errors)")
        }
        return String(decoding: result.output, as: UTF8.self).split(whereSeparator: \.isWhitespace).compactMap {
            Double($0)
        }
    }

    /// Milliseconds from start to end.
    static func duration(_ program: String, _ arguments: [String]) throws -> Double {
        let start = Clock.monotonic()
        guard try ChildProcess.run(program, arguments, timeLimit: 10_000).isSuccess else {
            throw TerminalProcess.Failure(description: "\(program) failed")
        }
        return Double(Clock.monotonic() - start) / 1e6
    }
}
