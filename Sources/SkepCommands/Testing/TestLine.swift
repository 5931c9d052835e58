// SPDX-License-Identifier: Apache-2.0

/// A line by which a guest of `skep test` tells its host what happens; all that passes between them.
enum TestLine: Equatable {
    /// The kernel took the service's programs.
    case loaded
    /// The programs are attached.
    case attached
    /// A row of the service as JSON.
    case row(String)
    /// What the service said that is no row.
    case log(String)
    /// What the script printed.
    case script(String)
    /// The number of rows that met each condition.
    case matches([UInt64])
    /// Why the service ended early.
    case error(String)
    /// How the service ended.
    case ended(Int32)
    /// How the script ended.
    case scriptEnded(Int32)
    /// All was said.
    case done

    private static let marker = "skep-test "

    var text: String {
        switch self {
        case .loaded: Self.marker + "loaded"
        case .attached: Self.marker + "attached"
        case .row(let text): Self.marker + "row " + text
        case .log(let text): Self.marker + "log " + text
        case .script(let text): Self.marker + "script " + text
        case .matches(let counts): Self.marker + "matches " + counts.map { "\($0)" }.joined(separator: ",")
        case .error(let text): Self.marker + "error " + text
        case .ended(let code): Self.marker + "ended \(code)"
        case .scriptEnded(let code): Self.marker + "script-ended \(code)"
        case .done: Self.marker + "done"
        }
    }

    /// Reads a line of a console; nil when it is another's. What comes before the marker is another's text.
    init?(_ line: String) {
        guard let start = line.firstRange(of: Self.marker) else { return nil }
        let parts = line[start.upperBound...].split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        let value = parts.count > 1 ? String(parts[1]) : ""
        switch parts[0] {
        case "loaded": self = .loaded
        case "attached": self = .attached
        case "row": self = .row(value)
        case "log": self = .log(value)
        case "script": self = .script(value)
        case "matches": self = .matches(value.split(separator: ",").map { UInt64($0) ?? 0 })
        case "error": self = .error(value)
        case "ended": self = .ended(Int32(value) ?? 255)
        case "script-ended": self = .scriptEnded(Int32(value) ?? 255)
        case "done": self = .done
        default: return nil
        }
    }
}
