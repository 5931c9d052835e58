// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The file header (`Elf64_Ehdr`), checked as far as one can without the tables that it points to.
struct ELFHeader {
    let order: ByteOrder
    let type: UInt16
    let machine: UInt16
    let entry: UInt64
    let segmentTableOffset: UInt64
    let sectionTableOffset: UInt64
    let flags: UInt32
    let segmentEntrySize: UInt16
    let segmentCount: UInt16
    let sectionEntrySize: UInt16
    let sectionCount: UInt16
    let nameTableIndex: UInt16

    static let size = 64

    init(_ bytes: OwnedBytes) throws(ELFError) {
        guard bytes.span.bytes(at: 0, count: 4) == [0x7f, 0x45, 0x4c, 0x46] else {
            throw ELFError(
                .notELF, bytes.count == 0 ? "the file is empty" : "the file does not start with ELF's magic number",
                offset: 0, hint: "give an ELF file, such as an object made by clang with --target=bpf -c")
        }
        guard bytes.count >= Self.size else {
            throw ELFError(.outOfBounds, "the file ends within its ELF header", offset: UInt64(bytes.count))
        }
        let identification = ELFReader(bytes: bytes, order: .little, subject: "ELF header")
        switch try identification.read(UInt8.self, at: 4) {
        case 2: break
        case 1: throw ELFError(.unsupported, "32-bit ELF files are not supported, only 64-bit ones", offset: 4)
        case let other: throw ELFError(.malformed, "the ELF class is \(other), not 1 or 2", offset: 4)
        }
        switch try identification.read(UInt8.self, at: 5) {
        case 1: order = .little
        case 2: order = .big
        case let other: throw ELFError(.malformed, "the ELF byte order is \(other), not 1 or 2", offset: 5)
        }
        let reader = ELFReader(bytes: bytes, order: order, subject: "ELF header")
        let identificationVersion = try reader.read(UInt8.self, at: 6)
        let version = try reader.read(UInt32.self, at: 20)
        guard identificationVersion == 1, version == 1 else {
            throw ELFError(
                .unsupported,
                "the ELF version is \(identificationVersion != 1 ? UInt32(identificationVersion) : version), not 1",
                offset: identificationVersion != 1 ? 6 : 20)
        }
        type = try reader.read(at: 16)
        machine = try reader.read(at: 18)
        entry = try reader.read(at: 24)
        segmentTableOffset = try reader.read(at: 32)
        sectionTableOffset = try reader.read(at: 40)
        flags = try reader.read(at: 48)
        segmentEntrySize = try reader.read(at: 54)
        segmentCount = try reader.read(at: 56)
        sectionEntrySize = try reader.read(at: 58)
        sectionCount = try reader.read(at: 60)
        nameTableIndex = try reader.read(at: 62)
    }
}
