// SPDX-License-Identifier: Apache-2.0

import BTF
import Bytes
import FuzzSupport

/// Decodes every type of a BTF blob, asks what can be asked of it, and encodes it again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    tolerating {
        let table = try BTFTable(FuzzInput.bytes(start, count))
        for number in 0..<UInt32(clamping: table.typeCount) {
            let id = BTFTypeID(number)
            tolerating { _ = try table.type(id) }
            tolerating { _ = try table.resolve(id) }
            tolerating { _ = try table.size(of: id) }
            tolerating {
                let name = try table.name(id)
                if !name.isEmpty { _ = table.ids(named: name, kind: table.kind(id)) }
            }
        }
        tolerating {
            let builder = try BTFBuilder(copying: table)
            _ = try BTFTable(.init(try builder.encode()))
        }
    }
    return 0
}
