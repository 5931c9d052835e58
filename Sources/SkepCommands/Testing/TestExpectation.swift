// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Presentation
import Schema
import ServiceRuntime

/// What a test expects of a service's rows.
///
/// `CONDITION` is what `--filter` takes; `3: CONDITION` wants exactly three rows, `none: CONDITION` none, and without a
/// number one row is enough. `text: TEXT` wants TEXT in a line of JSON, for what is no stream of rows.
struct TestExpectation: Equatable {
    /// How many rows must meet it.
    enum Count: Equatable {
        case some
        case exactly(UInt64)
    }

    /// The expectation as it was written.
    let source: String
    let count: Count
    /// The condition on rows; nil when it is about text.
    let condition: String?
    /// The text to be found.
    let text: String?

    init(_ source: String) {
        self.source = source
        let parts = source.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let head = parts[0].split(whereSeparator: \.isWhitespace).joined()
        guard parts.count == 2, head == "none" || head == "text" || UInt64(head) != nil else {
            (count, condition, text) = (.some, source, nil)
            return
        }
        let rest = String(parts[1].drop(while: \.isWhitespace))
        if head == "text" {
            (count, condition, text) = (.some, nil, rest)
        } else {
            (count, condition, text) = (.exactly(UInt64(head) ?? 0), rest, nil)
        }
    }

    /// The expectations in a script's comments: `# expect: comm==cat`.
    static func inComments(of script: String) -> [TestExpectation] {
        script.split(separator: "\n").compactMap { line in
            guard line.hasPrefix("#") else { return nil }
            let text = line.dropFirst().drop(while: \.isWhitespace)
            guard text.hasPrefix("expect:") else { return nil }
            return TestExpectation(String(text.dropFirst("expect:".count).drop(while: \.isWhitespace)))
        }
    }

    /// Checks the condition against the service's rows before anything is booted.
    ///
    /// - Throws: an error that says where in the condition something is wrong.
    func check(against spec: ObjectSpec) throws {
        guard let condition else { return }
        var failure: (any Error)?
        for stream in spec.streams {
            for row in stream.rows {
                guard let types = spec.types else { continue }
                do {
                    _ = try RowFilter(condition, schema: try RowSchema(table: types, type: row.type))
                    return
                } catch {
                    failure = error
                }
            }
        }
        throw failure
            ?? ServiceError(
                .usage, "the service has no stream of rows, so '\(condition)' cannot be checked",
                hint: "'text: TEXT' expects TEXT in its output")
    }

    /// Why it is not met; nil when it is.
    func complaint(matches: UInt64, rows: [String]) -> String? {
        if let text {
            return rows.contains { $0.contains(text) } ? nil : "no line of output holds '\(text)'"
        }
        switch count {
        case .some: return matches > 0 ? nil : "no row met '\(condition ?? source)'"
        case .exactly(let number):
            return matches == number ? nil : "\(matches) rows instead of \(number) met '\(condition ?? source)'"
        }
    }
}
