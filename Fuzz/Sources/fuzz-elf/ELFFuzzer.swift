// SPDX-License-Identifier: Apache-2.0

import Bytes
import ELF
import FuzzSupport

/// Reads everything that an ELF file has, and writes it again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    tolerating {
        let file = try ELFFile(FuzzInput.bytes(start, count))
        for section in file.sections {
            tolerating { _ = try file.contents(of: section) }
            tolerating { _ = try file.relocations(of: section) }
        }
        tolerating { _ = try file.symbols() }
        tolerating { _ = try file.dynamicSymbols() }
        tolerating { _ = try file.notes() }
        tolerating { _ = try file.buildID() }
        tolerating { _ = try file.debugLink() }
        tolerating { _ = try file.locate(symbol: "main") }
        tolerating { try file.requireBPFObject() }
        _ = file.fileOffset(ofAddress: 0x40_1000)
        tolerating {
            var rewriter = try ELFRewriter(file)
            rewriter.dropDebugInformation()
            _ = try ELFFile(.init(try rewriter.encode()))
        }
    }
    return 0
}
