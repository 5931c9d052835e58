// SPDX-License-Identifier: Apache-2.0

import Linux

/// What a guest of `skep test` is to do: written on the host, read by process 1 and by the process that runs the service.
struct TestPlan: Equatable {
    /// The service's object and, where a source was compiled a second time for newer instructions, that object.
    static let objects = "/skep/objects"
    /// The newer instructions' object.
    static let newerObjects = "/skep/newer"
    static let script = "/skep/script"
    static let path = "/skep/plan"

    /// The service's name.
    var service = ""
    /// How long the service runs when no script says it, in nanoseconds.
    var duration: UInt64 = 3_000_000_000
    /// Flags of the service itself.
    var flags: [String] = []
    /// Conditions on rows that are counted.
    var conditions: [String] = []
    /// Options of `skep run`, as they were written.
    var options: [String] = []
    /// Whether a person gets a shell while the service runs.
    var isInteractive = false

    /// One `word value` a line; values hold no line ends.
    var text: String {
        var lines = ["service \(service)", "duration \(duration)"]
        lines +=
            flags.map { "flag \($0)" } + conditions.map { "condition \($0)" } + options.map { "option \($0)" }
        if isInteractive { lines.append("interactive yes") }
        return lines.map { String($0.map { $0.isNewline ? " " : $0 }) + "\n" }.joined()
    }

    init() {}

    /// Reads a plan's text; words that it does not know are left out.
    init(text: String) {
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count > 1 ? String(parts[1]) : ""
            switch parts[0] {
            case "service": service = value
            case "duration": duration = UInt64(value) ?? duration
            case "flag": flags.append(value)
            case "condition": conditions.append(value)
            case "option": options.append(value)
            case "interactive": isInteractive = true
            default: break
            }
        }
    }

    /// The plan of this guest; nil on a machine that is none.
    static func ofThisGuest() -> TestPlan? {
        (try? Files.readText(path, limit: 1 << 20)).map { TestPlan(text: $0) }
    }
}
