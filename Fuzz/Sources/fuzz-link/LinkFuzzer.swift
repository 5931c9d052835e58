// SPDX-License-Identifier: Apache-2.0

import BPFObject
import BTF
import Bytes
import FuzzSupport

/// Links two objects, reads the result, and keeps one of each of the types that both halves hold as plain BTF.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let parts = FuzzInput.parts(start, count, count: 2)
    tolerating {
        var linker = ObjectLinker()
        for (index, part) in parts.enumerated() where part.count > 0 { try linker.add(part, name: "\(index)") }
        _ = try ObjectSpec(OwnedBytes(try linker.link()), name: "fuzz")
    }
    tolerating {
        var deduplicator = try BTFDeduplicator(order: .little)
        for part in parts { tolerating { try deduplicator.add(try BTFTable(part)) } }
        _ = try BTFTable(OwnedBytes(try deduplicator.deduplicate().bytes))
    }
    tolerating {
        // The first half as the kernel, the second as the object.
        var minimal = MinimalKernelTypes(of: try BTFTable(parts[0]))
        try minimal.add(parts[1], name: "object")
        _ = try BTFTable(OwnedBytes(try minimal.encode()))
    }
    return 0
}
