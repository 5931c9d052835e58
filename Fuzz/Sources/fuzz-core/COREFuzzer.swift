// SPDX-License-Identifier: Apache-2.0

import BPFInstruction
import BPFObject
import BTF
import FuzzSupport

/// Relocates a program: the input is three parts, `.BTF`, `.BTF.ext` and the target's BTF, each but the last with its
/// length before it. The program is made here, one that every relocation may patch.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let parts = FuzzInput.parts(start, count, count: 3)
    tolerating {
        let local = try BTFTable(parts[0])
        let records = try BTFExtension(parts[1], table: local)
        let target = try BTFTable(parts[2])
        for section in records.coreRelocations {
            for relocation in section.records.prefix(256) {
                // A relocation may mean an arithmetic instruction, a load or a wide load.
                for opcode: UInt8 in [0xb7, 0x61, 0x18] {
                    var relocator = CORERelocator(local: local, target: CORETarget(name: "target", table: target))
                    var moved = relocation
                    moved = CORERelocation(
                        instructionOffset: 0, type: moved.type, accessString: moved.accessString, kind: moved.kind)
                    var program = [opcode, 0].map {
                        Instruction(opcode: $0, destination: 1, source: 0, offset: 0, immediate: 0)
                    }
                    tolerating { _ = try relocator.relocate(&program, with: [moved]) }
                }
            }
        }
    }
    return 0
}
