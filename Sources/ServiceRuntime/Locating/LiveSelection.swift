// SPDX-License-Identifier: Apache-2.0

public import BPF
import BPFObject
import Linux

/// Finds programs, maps and links by number, name, tag, or the path where they are pinned.
public enum LiveSelection {
    /// The programs that a word means.
    public static func programs(_ word: String) throws -> [LiveProgram] {
        if let number = UInt32(word) { return [try LiveProgram(id: number)] }
        if word.contains("/") { return [try LiveProgram(pinned: word)] }
        let found = try LiveObjects.programs().filter {
            $0.name == word || $0.information.name == word || $0.tag == word
                || $0.information.name == ObjectName.sanitized(word)
        }
        guard !found.isEmpty else { throw missing("program", word, "prog") }
        return found
    }

    /// The one program that a word means.
    public static func program(_ word: String) throws -> LiveProgram {
        let found = try programs(word)
        guard found.count == 1, let program = found.first else {
            throw several("programs", word, found.map { "\($0.id)" })
        }
        return program
    }

    /// The maps that a word means.
    public static func maps(_ word: String) throws -> [LiveMap] {
        if let number = UInt32(word) { return [try LiveMap(id: number)] }
        if word.contains("/") { return [try LiveMap(pinned: word)] }
        let found = try LiveObjects.maps().filter {
            !$0.information.name.isEmpty && $0.information.name == ObjectName.sanitized(word)
        }
        guard !found.isEmpty else { throw missing("map", word, "map") }
        return found
    }

    /// The one map that a word means.
    public static func map(_ word: String) throws -> LiveMap {
        let found = try maps(word)
        guard found.count == 1, let map = found.first else { throw several("maps", word, found.map { "\($0.id)" }) }
        return map
    }

    /// The link that a number or a path means.
    public static func link(_ word: String) throws -> LiveLink {
        if let number = UInt32(word) { return try LiveLink(id: number) }
        if word.contains("/") { return try LiveLink(pinned: word) }
        throw ServiceError(.usage, "'\(word)' is neither a link's number nor a path", hint: "links have no names")
    }

    private static func missing(_ noun: String, _ word: String, _ command: String) -> ServiceError {
        ServiceError(
            .notFound, "there is no \(noun) of the name \(word)", hint: "`skep \(command) list` shows what there is")
    }

    private static func several(_ noun: String, _ word: String, _ numbers: [String]) -> ServiceError {
        ServiceError(
            .usage, "there are \(numbers.count) \(noun) of the name \(word)",
            hint: "give one of their numbers: \(numbers.prefix(16).joined(separator: ", "))")
    }
}
