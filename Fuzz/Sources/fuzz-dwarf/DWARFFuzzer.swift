// SPDX-License-Identifier: Apache-2.0

import DWARF
import ELF
import FuzzSupport

/// Reads the functions, variables, types and lines of an object file's debug information.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    tolerating {
        let file = try ELFFile(FuzzInput.bytes(start, count))
        tolerating {
            let information = try DWARFInformation(file)
            tolerating { _ = try information.functions() }
            tolerating {
                for variable in try information.globalVariables().prefix(64) {
                    tolerating { _ = try information.type(try information.resolve(variable.type)) }
                    tolerating { _ = try information.size(of: variable.type) }
                }
            }
            for section in file.sections where section.isExecutable {
                tolerating { _ = try information.variables(inSection: section.index, at: 8) }
            }
            tolerating { _ = try information.structure(named: "event") }
        }
        tolerating {
            let lines = try DWARFLineTable(file)
            for section in file.sections where section.isExecutable {
                tolerating { _ = try lines.rows(inSection: section.index) }
                tolerating { _ = try lines.location(of: .init(section: section.index, value: 16)) }
            }
        }
    }
    return 0
}
