// SPDX-License-Identifier: Apache-2.0

/// A table whose decoded types are kept: a printer looks at each several times.
final class DecodedTypes {
    let table: BTFTable
    private var decoded: [BTFType?]

    init(_ table: BTFTable) {
        self.table = table
        decoded = Array(repeating: nil, count: table.typeCount)
    }

    func type(_ id: BTFTypeID) throws(BTFError) -> BTFType {
        guard id.rawValue < decoded.count else { throw .unknownType(id, count: decoded.count) }
        if let known = decoded[Int(id.rawValue)] { return known }
        let type = try table.type(id)
        decoded[Int(id.rawValue)] = type
        return type
    }

    func resolved(_ id: BTFTypeID) throws(BTFError) -> BTFType { try type(try table.resolve(id)) }
}
