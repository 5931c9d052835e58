// SPDX-License-Identifier: Apache-2.0

import Bytes
import ELF

/// One `.debug_*` section with its relocations applied.
///
/// For relocations that make an address of code or data it remembers the section that the address is in: the bytes can
/// only hold the offset.
final class DebugSection: Sendable {
    let name: String
    let bytes: OwnedBytes
    let order: ByteOrder
    private let addressOffsets: [UInt64]
    private let addressSections: [Int]

    var count: Int { bytes.count }

    /// An empty section, for one that the file does not have.
    init(absent name: String, order: ByteOrder) {
        self.name = name
        self.order = order
        bytes = OwnedBytes([])
        addressOffsets = []
        addressSections = []
    }

    init(_ section: ELFSection, of file: ELFFile, symbols: [ELFSymbol]) throws(DWARFError) {
        name = section.name
        order = file.order
        let contents: OwnedBytes
        let relocations: [ELFRelocation]
        do throws(ELFError) {
            contents = try file.contents(of: section)
            relocations = file.type == ELFFile.relocatable ? try file.relocations(of: section) : []
        } catch {
            throw DWARFError(.missing, "the debug information cannot be read", section: section.name, cause: error)
        }
        guard !relocations.isEmpty else {
            bytes = contents
            addressOffsets = []
            addressSections = []
            return
        }
        var patched = contents.array
        var found: [(offset: UInt64, section: Int)] = []
        for relocation in relocations {
            guard relocation.symbolIndex < symbols.count, let offset = Int(exactly: relocation.offset) else { continue }
            let symbol = symbols[relocation.symbolIndex]
            let isWide = try Self.isWide(relocation, machine: file.machine, section: section.name)
            guard try Self.apply(relocation, at: offset, value: symbol.value, isWide: isWide, to: &patched, file.order)
            else {
                throw DWARFError(
                    .outOfBounds, "a relocation reaches past the section's end", section: section.name, offset: offset)
            }
            if let home = symbol.sectionIndex, home < file.sections.count, file.sections[home].isAllocated {
                found.append((relocation.offset, home))
            }
        }
        found.sort { $0.offset < $1.offset }
        bytes = OwnedBytes(patched)
        addressOffsets = found.map(\.offset)
        addressSections = found.map(\.section)
    }

    /// Whether a relocation patches eight bytes or four (`R_BPF_64_ABS64`, `R_BPF_64_ABS32` and their like).
    private static func isWide(
        _ relocation: ELFRelocation, machine: UInt16, section: String
    ) throws(DWARFError) -> Bool {
        switch (machine, relocation.type) {
        case (ELFFile.machineBPF, 2), (ELFFile.machineX86, 1), (ELFFile.machineARM64, 257): return true
        case (ELFFile.machineBPF, 3), (ELFFile.machineX86, 10), (ELFFile.machineARM64, 258): return false
        default:
            throw DWARFError(
                .unsupported, "relocations of type \(relocation.type) for machine \(machine) are not known",
                section: section, offset: Int(exactly: relocation.offset))
        }
    }

    private static func apply(
        _ relocation: ELFRelocation, at offset: Int, value: UInt64, isWide: Bool, to bytes: inout [UInt8],
        _ order: ByteOrder
    ) throws(DWARFError) -> Bool {
        let stored = isWide ? read(UInt64.self, bytes, offset, order) : read(UInt32.self, bytes, offset, order)
        guard let stored else { return false }
        let sum = value &+ (relocation.addend.map { UInt64(bitPattern: $0) } ?? stored)
        return isWide
            ? bytes.store(sum, at: offset, order: order)
            : bytes.store(UInt32(truncatingIfNeeded: sum), at: offset, order: order)
    }

    private static func read<T: FixedWidthInteger & BitwiseCopyable>(
        _ type: T.Type, _ bytes: [UInt8], _ offset: Int, _ order: ByteOrder
    ) -> UInt64? {
        bytes.span.bytes.integer(at: offset, as: T.self, order: order).map { UInt64(truncatingIfNeeded: $0) }
    }

    /// The section of the address that is stored at an offset; `nil` when no relocation made it.
    func addressSection(at offset: Int) -> Int? {
        let wanted = UInt64(truncatingIfNeeded: offset)
        var low = 0
        var high = addressOffsets.count
        while low < high {
            let middle = (low + high) / 2
            if addressOffsets[middle] < wanted { low = middle + 1 } else { high = middle }
        }
        return low < addressOffsets.count && addressOffsets[low] == wanted ? addressSections[low] : nil
    }

    /// A string at an offset.
    func string(at offset: UInt64) throws(DWARFError) -> String {
        let bytes = bytes
        guard let at = Int(exactly: offset), let text = bytes.span.cString(at: at) else {
            throw DWARFError(
                .outOfBounds, "a string starts or ends past the section's end", section: name,
                offset: Int(exactly: offset))
        }
        return text
    }
}
