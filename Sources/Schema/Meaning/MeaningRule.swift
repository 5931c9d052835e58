// SPDX-License-Identifier: Apache-2.0

/// One rule: fields of these shapes, types and names in this surrounding have this meaning.
public struct MeaningRule: Sendable {
    /// The shapes that a rule is for.
    public enum Shapes: Hashable, Sendable {
        /// Integers of these sizes in bytes.
        case integers([Int])
        /// Signed integers of these sizes in bytes.
        case signedIntegers([Int])
        /// Arrays of `char`.
        case characters
        /// Arrays of bytes, `char` or not; a count of `nil` allows any.
        case octets(count: Int?)
        /// Arrays of bytes that are no `char`; a count of `nil` allows any.
        case bytes(count: Int?)
        /// Arrays of integers of this size in bytes; a count of `nil` allows any.
        case arrays(size: Int, count: Int?)
        /// Pointers.
        case pointers
    }

    /// What must stand around the field.
    public enum Surrounding: Hashable, Sendable {
        /// Anything.
        case any
        /// A structure about connections or packets: it has addresses, ports or a family, or its name says so.
        case network
        /// A structure about opening files: its name says so, or a path is beside the flags.
        case fileOpening
    }

    /// The shapes that the rule is for.
    public let shapes: Shapes
    /// Type names of which one must be among the field's; empty: any.
    public let types: [String]
    /// Patterns of which one must match the field's lower-case name, `*` being any text; empty: any.
    public let names: [String]
    /// What must stand around the field.
    public let surrounding: Surrounding
    /// What the field then means.
    public let meaning: Meaning
    private let patterns: [[UInt8]]

    /// Makes a rule.
    public init(
        _ shapes: Shapes, types: [String] = [], names: [String] = [], in surrounding: Surrounding = .any,
        is meaning: Meaning
    ) {
        self.shapes = shapes
        self.types = types
        self.names = names
        self.surrounding = surrounding
        self.meaning = meaning
        patterns = names.map { Array($0.utf8) }
    }

    func matches(_ field: FieldDescription, lowercasedName: [UInt8]) -> Bool {
        matches(field.shape)
            && (types.isEmpty || types.contains { field.typeNames.contains($0) })
            && (patterns.isEmpty || patterns.contains { Pattern.matches(lowercasedName, pattern: $0) })
            && matches(field, surrounding)
    }

    private func matches(_ shape: FieldDescription.Shape) -> Bool {
        switch (shapes, shape) {
        case (.integers(let sizes), .integer(let size, _)): sizes.contains(size)
        case (.signedIntegers(let sizes), .integer(let size, let isSigned)): isSigned && sizes.contains(size)
        case (.characters, .characters): true
        case (.octets(let wanted), .octets(let count)), (.octets(let wanted), .characters(let count)):
            wanted == nil || wanted == count
        case (.bytes(let wanted), .octets(let count)): wanted == nil || wanted == count
        case (.arrays(let wantedSize, let wanted), .integers(let size, let count)):
            size == wantedSize && (wanted == nil || wanted == count)
        case (.pointers, .pointer): true
        default: false
        }
    }

    private func matches(_ field: FieldDescription, _ surrounding: Surrounding) -> Bool {
        let owner = field.owner.lowercased()
        switch surrounding {
        case .any:
            return true
        case .network:
            let words = ["tcp", "udp", "sock", "inet", "conn", "flow", "packet", "pkt", "ipv4", "ipv6", "iphdr", "xdp"]
            let fields = ["saddr*", "daddr*", "sport", "dport", "lport", "family", "src_*", "dst_*", "af", "rport"]
            return words.contains { Pattern.matches(owner, pattern: "*\($0)*") }
                || field.siblings.contains { sibling in
                    fields.contains { Pattern.matches(sibling.lowercased(), pattern: $0) }
                }
        case .fileOpening:
            let fields = ["fname", "filename", "pathname", "path", "file_name", "file"]
            return Pattern.matches(owner, pattern: "*open*")
                || field.siblings.contains { fields.contains($0.lowercased()) }
        }
    }
}

/// Patterns in which `*` stands for any text and `?` for one character.
public enum Pattern {
    /// Whether a pattern matches all of a text. Time grows with the product of both lengths at worst.
    public static func matches(_ text: String, pattern: String) -> Bool {
        matches(Array(text.utf8), pattern: Array(pattern.utf8))
    }

    /// Whether a pattern matches all of some bytes. Time grows with the product of both lengths at worst.
    public static func matches<Bytes: RandomAccessCollection<UInt8>>(_ text: Bytes, pattern: [UInt8]) -> Bool
    where Bytes.Index == Int {
        var position = text.startIndex
        var next = 0
        var retry: (position: Int, next: Int)?
        while position < text.endIndex {
            if next < pattern.count, pattern[next] == UInt8(ascii: "*") {
                next += 1
                retry = (position, next)
            } else if next < pattern.count, pattern[next] == UInt8(ascii: "?") || pattern[next] == text[position] {
                position += 1
                next += 1
            } else if let (start, after) = retry {
                position = start + 1
                next = after
                retry = (start + 1, after)
            } else {
                return false
            }
        }
        return pattern[next...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
