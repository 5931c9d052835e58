// SPDX-License-Identifier: Apache-2.0

/// Names of numbers, such as signals or system calls, in both directions.
public struct NameTable: Sendable {
    private let dense: [String]
    private let others: [Int64: String]
    private let values: [String: Int64]
    private let acceptedPrefixes: [String]

    /// Makes a table from names in the order of their numbers.
    ///
    /// - Parameters:
    ///   - dense: names of 0, 1, 2… divided by spaces; `-` has no name.
    ///   - others: names of numbers beyond those.
    ///   - acceptedPrefixes: prefixes that ``value(of:)`` takes off a name it does not know.
    init(dense: String, others: [Int64: String] = [:], acceptedPrefixes: [String] = []) {
        self.dense = dense.split(whereSeparator: { $0 == " " || $0 == "\n" }).map { $0 == "-" ? "" : String($0) }
        self.others = others
        self.acceptedPrefixes = acceptedPrefixes
        var values: [String: Int64] = [:]
        for (number, name) in self.dense.enumerated() where !name.isEmpty { values[name] = Int64(number) }
        for (number, name) in others { values[name] = number }
        self.values = values
    }

    /// The name of a number, or `nil` when it has none.
    public func name(of number: Int64) -> String? {
        if number >= 0, number < Int64(dense.count) {
            let name = dense[Int(number)]
            return name.isEmpty ? nil : name
        }
        return others.isEmpty ? nil : others[number]
    }

    /// The number of a name, or `nil` when the name is unknown; upper and lower case must agree.
    public func value(of name: String) -> Int64? {
        if let value = values[name] { return value }
        for prefix in acceptedPrefixes where name.hasPrefix(prefix) {
            if let value = values[String(name.dropFirst(prefix.count))] { return value }
        }
        return nil
    }
}
