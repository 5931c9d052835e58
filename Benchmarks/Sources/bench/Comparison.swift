// SPDX-License-Identifier: Apache-2.0

/// One row of the result: what was measured, of ours and of a peer, in alternation.
struct Comparison {
    let name: String
    let unit: String
    let peer: String
    /// What the ratio must reach; nil where only a number is wanted.
    let target: Double?
    private(set) var ours: [Double] = []
    private(set) var theirs: [Double] = []

    init(_ name: String, unit: String, peer: String, target: Double?) {
        (self.name, self.unit, self.peer, self.target) = (name, unit, peer, target)
    }

    /// Measures both sides in turn, so that a change of the machine's mood meets both; the first round warms up.
    mutating func measure(
        rounds: Int, ours measureOurs: () throws -> Double, theirs measureTheirs: (() throws -> Double)?
    )
        rethrows
    {
        for round in 0...rounds {
            // The order changes as well: what comes second finds other caches.
            var own = 0.0
            var other: Double?
            if round % 2 == 0 {
                own = try measureOurs()
                other = try measureTheirs?()
            } else {
                other = try measureTheirs?()
                own = try measureOurs()
            }
            if round == 0 { continue }
            ours.append(own)
            if let other { theirs.append(other) }
        }
    }

    mutating func add(ours own: Double, theirs other: Double?) {
        ours.append(own)
        if let other { theirs.append(other) }
    }

    var ratio: Double? { theirs.isEmpty ? nil : Self.median(ours) / Self.median(theirs) }

    /// A row of a Markdown table: name, ours, theirs, ratio, target, verdict.
    var row: String {
        let cells = [
            name, "\(Self.text(Self.median(ours))) \(unit) (\(Self.spread(ours)))",
            theirs.isEmpty ? "-" : "\(peer): \(Self.text(Self.median(theirs))) \(unit) (\(Self.spread(theirs)))",
            ratio.map(Self.text) ?? "-",
            target.map { (theirs.isEmpty ? "<= \(Self.text($0)) \(unit)" : "<= \(Self.text($0))") } ?? "-",
            isReached.map { $0 ? "yes" : "**no**" } ?? "-",
        ]
        return "| " + cells.joined(separator: " | ") + " |"
    }

    private var isReached: Bool? { target.map { (ratio ?? Self.median(ours)) <= $0 } }

    static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return .nan }
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    private static func spread(_ values: [Double]) -> String {
        "\(text(values.min() ?? .nan)) to \(text(values.max() ?? .nan))"
    }

    /// Three digits are more than a benchmark knows.
    static func text(_ value: Double) -> String {
        guard value.isFinite else { return "-" }
        if value >= 100 { return "\(Int(value.rounded()))" }
        let factor = value >= 10 ? 10.0 : 100.0
        return "\((value * factor).rounded() / factor)"
    }
}
