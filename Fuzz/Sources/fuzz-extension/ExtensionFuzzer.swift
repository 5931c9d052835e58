// SPDX-License-Identifier: Apache-2.0

import BTF
import FuzzSupport

/// Reads `.BTF.ext`: the input is a length, `.BTF`, and `.BTF.ext`.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let parts = FuzzInput.parts(start, count, count: 2)
    tolerating {
        let table = try BTFTable(parts[0])
        let records = try BTFExtension(parts[1], table: table)
        for section in records.lineInformation {
            for line in section.records.prefix(64) { tolerating { _ = try table.string(at: line.lineOffset) } }
        }
    }
    return 0
}
