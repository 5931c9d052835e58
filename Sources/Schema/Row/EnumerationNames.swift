// SPDX-License-Identifier: Apache-2.0

/// The names of a C enumeration's values.
///
/// An enumeration whose values are single bits, with at least one above 2, is a set of flags: `A|B`.
public final class EnumerationNames: Hashable, Sendable {
    /// The enumeration's name in the source, empty when it has none.
    public let name: String
    /// Names and values in the order of declaration.
    public let members: [(name: String, value: Int64)]
    /// Whether the values are flags that may be joined.
    public let isFlagSet: Bool
    private let names: [Int64: String]

    /// Makes the names of an enumeration; the first of several names for one value counts.
    public init(name: String, members: [(name: String, value: Int64)]) {
        self.name = name
        self.members = members
        names = Dictionary(members.map { ($0.value, $0.name) }, uniquingKeysWith: { first, _ in first })
        let bits = names.keys.filter { $0 != 0 }
        isFlagSet = bits.count >= 2 && bits.allSatisfy { $0 > 0 && $0 & ($0 - 1) == 0 } && bits.contains { $0 > 2 }
    }

    /// The name of a value: of one member, or for flags of the members that make it up, with bits that have no name in
    /// hex. `nil` when no name fits.
    public func name(of value: Int64) -> String? {
        if let name = names[value] { return name }
        guard isFlagSet, value > 0 else { return nil }
        var rest = value
        var parts: [String] = []
        for (name, bit) in members where bit != 0 && rest & bit == bit {
            parts.append(name)
            rest &= ~bit
        }
        guard !parts.isEmpty else { return nil }
        if rest != 0 { parts.append("0x" + String(rest, radix: 16)) }
        return parts.joined(separator: "|")
    }

    /// The value of a name, or of several joined by `|`; `nil` when one is unknown.
    ///
    /// Upper and lower case need not agree, and a prefix that all members share may be left out.
    public func value(of text: String) -> Int64? {
        var result: Int64 = 0
        for part in text.split(separator: "|", omittingEmptySubsequences: false) {
            guard let value = single(String(part)) else { return nil }
            result |= value
        }
        return result
    }

    private func single(_ text: String) -> Int64? {
        if let exact = members.first(where: { $0.name == text }) { return exact.value }
        let lowered = text.lowercased()
        guard !lowered.isEmpty else { return nil }
        let close = members.filter { member in
            let name = member.name.lowercased()
            return name == lowered || name.hasSuffix("_" + lowered)
        }
        return close.count == 1 ? close[0].value : nil
    }

    /// Two are equal when their names and values are.
    public static func == (first: EnumerationNames, second: EnumerationNames) -> Bool {
        first === second
            || first.name == second.name && first.members.elementsEqual(second.members, by: { $0 == $1 })
    }

    /// Hashes the name and the number of members.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(members.count)
    }
}
