// SPDX-License-Identifier: Apache-2.0

import BTF

/// A table whose decoded types are kept, because one root type is looked at again for every relocation of it.
final class CORETypes {
    let table: BTFTable
    private var decoded: [BTFTypeID: BTFType] = [:]
    private var nameBudget: Int

    init(_ table: BTFTable) {
        self.table = table
        nameBudget = table.nameBudget
    }

    func type(_ id: BTFTypeID) throws(CORERelocationError) -> BTFType {
        if let known = decoded[id] { return known }
        let type = try CORERelocationError.wrapping { () throws(BTFError) in try table.type(id, nameBudget: &nameBudget)
        }
        decoded[id] = type
        return type
    }

    /// The type behind typedefs, qualifiers and type tags.
    func resolved(_ id: BTFTypeID) throws(CORERelocationError) -> (id: BTFTypeID, type: BTFType) {
        let target = try CORERelocationError.wrapping { () throws(BTFError) in try table.resolve(id) }
        return (target, try type(target))
    }

    func size(_ id: BTFTypeID) throws(CORERelocationError) -> Int {
        try CORERelocationError.wrapping { () throws(BTFError) in try table.size(of: id) }
    }
}
