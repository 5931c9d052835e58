// SPDX-License-Identifier: Apache-2.0

/// One helper: a line `id since prototype` of the fact table.
struct Fact {
    let id: Int
    let since: String
    let result: String
    let name: String
    /// Types and names; a type ends with its stars.
    let parameters: [(type: String, name: String)]
    let isVariadic: Bool

    /// The last helper id of each kernel release that brought any.
    private static let lastIDs: [(release: String, id: Int)] = [
        ("3.19", 3), ("4.1", 11), ("4.2", 16), ("4.3", 22), ("4.4", 25), ("4.5", 26), ("4.6", 30), ("4.8", 36),
        ("4.9", 41), ("4.10", 44), ("4.11", 45), ("4.12", 47), ("4.13", 50), ("4.14", 53), ("4.15", 57), ("4.16", 59),
        ("4.17", 64), ("4.18", 80), ("4.19", 83), ("4.20", 90), ("5.0", 92), ("5.1", 98), ("5.2", 108), ("5.3", 110),
        ("5.5", 115), ("5.6", 118), ("5.7", 124), ("5.8", 135), ("5.9", 141), ("5.10", 155), ("5.11", 162),
        ("5.12", 163), ("5.13", 165), ("5.14", 168), ("5.15", 175), ("5.16", 179), ("5.17", 185), ("5.18", 193),
        ("5.19", 203), ("6.0", 207), ("6.1", 209), ("6.2", 211),
    ]

    /// The fact table's line.
    var line: String { "\(id)\t\(since)\t\(prototype)" }

    /// The prototype as the kernel documents it.
    var prototype: String {
        var list = parameters.map { Self.join($0.type, $0.name) }
        if isVariadic { list.append("...") }
        return Self.join(result, name) + "(" + (list.isEmpty ? "void" : list.joined(separator: ", ")) + ")"
    }

    static func join(_ type: String, _ name: String) -> String {
        type.hasSuffix("*") ? type + name : type + " " + name
    }

    /// Reads a prototype such as `void *bpf_map_lookup_elem(struct bpf_map *map, const void *key)`.
    init?(id: Int, since: String?, prototype: String) {
        guard let open = prototype.firstIndex(of: "("), prototype.last == ")",
            let release = since ?? Self.lastIDs.first(where: { id <= $0.id })?.release
        else { return nil }
        (result, name) = Self.split(prototype[..<open])
        var parameters: [(type: String, name: String)] = []
        var isVariadic = false
        let list = prototype[prototype.index(after: open)...].dropLast()
        for part in list.split(separator: ",") {
            let text = part.drop { $0 == " " }
            if text == "void" { continue }
            if text == "..." {
                isVariadic = true
                continue
            }
            let (type, name) = Self.split(text)
            parameters.append((type, name))
        }
        guard parameters.count <= 5, !name.isEmpty, !result.isEmpty else { return nil }
        self.id = id
        self.since = release
        self.parameters = parameters
        self.isVariadic = isVariadic
    }

    /// Cuts `const void *key` into type and name.
    private static func split(_ text: Substring) -> (String, String) {
        let nameStart = text.lastIndex { $0 == " " || $0 == "*" }.map(text.index(after:)) ?? text.startIndex
        var type = String(text[..<nameStart])
        while type.hasSuffix(" ") { type.removeLast() }
        return (type, String(text[nameStart...]))
    }

    /// Reads the fact table.
    static func table(_ text: String) throws(GeneratorError) -> [Fact] {
        var facts: [Fact] = []
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let fields = line.split(separator: "\t").map(String.init)
            guard fields.count == 3, let id = Int(fields[0]), id == facts.count + 1,
                let fact = Fact(id: id, since: fields[1], prototype: fields[2])
            else { throw GeneratorError(message: "bad line in the fact table: \(line)") }
            facts.append(fact)
        }
        return facts
    }

    /// Reads the helpers that a kernel's `include/uapi/linux/bpf.h` documents.
    static func header(_ text: String) throws(GeneratorError) -> [Fact] {
        var prototypes: [String: String] = [:]
        var ids: [(name: String, id: Int)] = []
        var isDescription = false
        for line in text.split(separator: "\n") {
            if line.contains("Start of BPF helper function descriptions") { isDescription = true }
            // A prototype starts right behind the comment's star; descriptions are indented.
            if isDescription, line.hasPrefix(" * "), !line.hasPrefix(" * \t"), line.hasSuffix(")"),
                let open = line.firstIndex(of: "(")
            {
                let prototype = line.dropFirst(3)
                let name = split(prototype[..<open]).1
                // Overloaded helpers are documented several times: the first stands for all.
                if name.hasPrefix("bpf_"), prototypes[name] == nil { prototypes[name] = String(prototype) }
            }
            if line.hasPrefix("\tFN("), let close = line.firstIndex(of: ")") {
                let fields = line[line.index(line.startIndex, offsetBy: 4)..<close].split(separator: ",")
                if fields.count >= 2, let id = Int(fields[1].drop { $0 == " " }), id > 0 {
                    ids.append(("bpf_" + fields[0], id))
                }
            }
        }
        var facts: [Fact] = []
        for (name, id) in ids {
            guard let prototype = prototypes[name] else { throw GeneratorError(message: "\(name) is not documented") }
            guard id == facts.count + 1, let fact = Fact(id: id, since: nil, prototype: prototype) else {
                throw GeneratorError(message: "\(name), id \(id), was not understood: \(prototype)")
            }
            facts.append(fact)
        }
        guard !facts.isEmpty else { throw GeneratorError(message: "the header documents no helper") }
        return facts
    }
}
