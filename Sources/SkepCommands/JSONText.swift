// SPDX-License-Identifier: Apache-2.0

/// A value of JSON, for commands that describe something; rows of streams have a faster writer of their own.
indirect enum JSONText {
    case text(String)
    case number(Int64)
    case unsigned(UInt64)
    case boolean(Bool)
    case null
    case list([JSONText])
    case object([(String, JSONText)])

    /// The value as text on one line.
    var encoded: String {
        switch self {
        case .text(let text): Self.quote(text)
        case .number(let number): "\(number)"
        case .unsigned(let number): "\(number)"
        case .boolean(let value): value ? "true" : "false"
        case .null: "null"
        case .list(let values): "[" + values.map(\.encoded).joined(separator: ",") + "]"
        case .object(let fields):
            "{" + fields.map { Self.quote($0.0) + ":" + $0.1.encoded }.joined(separator: ",") + "}"
        }
    }

    /// RFC 8259, section 7.
    private static func quote(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            case "\r": quoted += "\\r"
            case _ where scalar.value < 0x20:
                let hex = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
