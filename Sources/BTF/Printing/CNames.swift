// SPDX-License-Identifier: Apache-2.0

/// The names that types get in C. A table may have several types of one name; C may not.
///
/// The type with the lowest id keeps its name, further ones become `name___2`, `name___3`: flavours, which CO-RE matches
/// with the same types of the target.
struct CNames {
    private var renamed: [BTFTypeID: String] = [:]
    /// Typedefs, functions and enumerators share one name space.
    private var ordinary: [String: Int] = [:]

    init(_ table: BTFTable) throws(BTFError) {
        var budget = table.nameBudget
        var tags: [String: (count: Int, kind: BTFKind)] = [:]
        // clang declares this type itself, in another way than the kernel's compiler.
        ordinary["__builtin_va_list"] = 1
        for raw in 1..<UInt32(max(table.typeCount, 1)) {
            let id = BTFTypeID(raw)
            guard let kind = table.kind(id) else { continue }
            switch kind {
            case .structure, .union, .enumeration, .enumeration64:
                let name = try table.name(id, budget: &budget)
                guard !name.isEmpty else { continue }
                let valid = CIdentifiers.valid(name)
                if let known = tags[valid] {
                    let (made, count) = CNames.unused(valid, after: known.count) { tags[$0] != nil }
                    tags[valid] = (count, known.kind)
                    tags[made] = (1, kind)
                    renamed[id] = made
                } else {
                    tags[valid] = (1, kind)
                    if valid != name { renamed[id] = valid }
                }
            case .typedef: try claim(id, name: try table.name(id, budget: &budget))
            default: break
            }
        }
        // A forward declaration belongs to the definition of its name, unless that is of another kind.
        for raw in 1..<UInt32(max(table.typeCount, 1)) where table.kind(BTFTypeID(raw)) == .forward {
            let id = BTFTypeID(raw)
            guard case .forward(let forward) = try table.type(id, nameBudget: &budget) else { continue }
            let kind: BTFKind = forward.isUnion ? .union : .structure
            let valid = CIdentifiers.valid(forward.name)
            if let known = tags[valid], known.kind != kind {
                renamed[id] =
                    CNames.unused("\(valid)___\(kind == .union ? "union" : "struct")", after: 0) {
                        tags[$0] != nil && tags[$0]?.kind != kind
                    }.name
            } else if valid != forward.name {
                renamed[id] = valid
            }
        }
    }

    private mutating func claim(_ id: BTFTypeID, name: String) throws(BTFError) {
        guard !name.isEmpty else { return }
        let made = unusedOrdinary(name)
        if made != name { renamed[id] = made }
    }

    /// Takes a name for an enumerator or a function, and answers what it became.
    mutating func unusedOrdinary(_ name: String) -> String {
        let valid = CIdentifiers.valid(name)
        guard let count = ordinary[valid] else {
            ordinary[valid] = 1
            return valid
        }
        let made = CNames.unused(valid, after: count) { ordinary[$0] != nil }
        ordinary[valid] = made.count
        ordinary[made.name] = 1
        return made.name
    }

    /// Whether a typedef, enumerator or function has the name.
    func isOrdinary(_ name: String) -> Bool { ordinary[name] != nil }

    private static func unused(
        _ name: String, after count: Int, isUsed: (String) -> Bool
    ) -> (name: String, count: Int) {
        var count = count
        while true {
            count += 1
            let made = count == 1 ? name : "\(name)___\(count)"
            if !isUsed(made) { return (made, count) }
        }
    }

    /// The C name of a type whose own name is given.
    func name(_ id: BTFTypeID, _ name: String) -> String { renamed[id] ?? name }
}
