// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A table whose decoded types are kept: a printer looks at each several times.
final class DecodedTypes {
    let table: BTFTable
    private var decoded: [BTFType?]
    private var nameBudget: Int

    init(_ table: BTFTable) {
        self.table = table
        nameBudget = table.nameBudget
        decoded = Array(repeating: nil, count: table.typeCount)
    }

    func type(_ id: BTFTypeID) throws(BTFError) -> BTFType {
        guard id.rawValue < decoded.count else { throw .unknownType(id, count: decoded.count) }
        if let known = decoded[Int(id.rawValue)] { return known }
        let type = try table.type(id, nameBudget: &nameBudget)
        decoded[Int(id.rawValue)] = type
        return type
    }

    /// The bytes of the table and its bases, which bound what is worth printing.
    var byteCount: Int {
        var count = 0
        var next: BTFTable? = table
        while let table = next {
            count += table.bytes.count
            next = table.base
        }
        return count
    }

    func resolved(_ id: BTFTypeID) throws(BTFError) -> BTFType { try type(try table.resolve(id)) }
}
