// SPDX-License-Identifier: Apache-2.0

import BPFObject
import FuzzSupport

/// Reads a whole object: programs, maps, variables, externals, relocations.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    tolerating { _ = try ObjectSpec(FuzzInput.bytes(start, count), name: "fuzz") }
    return 0
}
