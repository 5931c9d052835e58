// SPDX-License-Identifier: Apache-2.0

public import Bytes

/// One note of an ELF file (`Elf64_Nhdr`).
public struct ELFNote: Sendable {
    /// Who defined the type, such as `GNU` or `stapsdt`.
    public let owner: String
    /// The type, as the owner numbers it.
    public let type: UInt32
    /// What the note says.
    public let contents: OwnedBytes
}

/// A file's pointer to another file with its debug information (`.gnu_debuglink`).
public struct ELFDebugLink: Sendable, Hashable {
    /// The other file's name, without folders.
    public let name: String
    /// The other file's CRC-32.
    public let checksum: UInt32
}

extension ELFFile {
    /// The notes of all note sections, or of the note segments when the file has no sections.
    ///
    /// - Throws: ``ELFError`` when a note reaches past its section's end.
    public func notes() throws(ELFError) -> [ELFNote] {
        var notes: [ELFNote] = []
        if sections.isEmpty {
            for segment in segments where segment.type == ELFSegment.note {
                guard let offset = Int(exactly: segment.offset), let size = Int(exactly: segment.fileSize),
                    let contents = bytes.slice(offset: offset, count: size)
                else {
                    throw ELFError(
                        .outOfBounds, "a note segment reaches past the end of the file", offset: segment.offset)
                }
                try read(
                    contents, named: "note segment", at: segment.offset, alignment: segment.alignment, into: &notes)
            }
        }
        for section in sections where section.type == ELFSection.note {
            try read(
                try contents(of: section), named: section.name, at: section.offset, alignment: section.alignment,
                into: &notes)
        }
        return notes
    }

    /// The build id (`NT_GNU_BUILD_ID`), which names one build of a file; `nil` when it has none.
    ///
    /// - Throws: ``ELFError`` as ``notes()``.
    public func buildID() throws(ELFError) -> [UInt8]? {
        try notes().first { $0.owner == "GNU" && $0.type == 3 }?.contents.array
    }

    /// The name and checksum of the file with the debug information; `nil` when there is no such link.
    ///
    /// - Throws: ``ELFError`` when the section is malformed.
    public func debugLink() throws(ELFError) -> ELFDebugLink? {
        guard let section = section(named: ".gnu_debuglink"), !section.isZeroFilled else { return nil }
        let contents = try contents(of: section)
        guard let length = contents.span.cStringLength(at: 0), let name = contents.span.cString(at: 0),
            let checksum = contents.span.integer(at: (length + 4) & ~3, as: UInt32.self, order: order)
        else {
            throw ELFError(
                .malformed, "the debug link has no name or no checksum", section: section.name, offset: section.offset)
        }
        return ELFDebugLink(name: name, checksum: checksum)
    }

    private func read(
        _ contents: OwnedBytes, named name: String, at base: UInt64, alignment: UInt64, into notes: inout [ELFNote]
    ) throws(ELFError) {
        // Notes are padded to four bytes, but those of sections that are aligned to eight (.note.gnu.property) to eight.
        let mask = alignment == 8 ? 7 : 3
        let reader = ELFReader(bytes: contents, order: order, subject: "note", section: name, base: base)
        var at = 0
        while contents.count - at >= 12 {
            let ownerSize = Int(try reader.read(UInt32.self, at: at))
            let size = Int(try reader.read(UInt32.self, at: at + 4))
            let type = try reader.read(UInt32.self, at: at + 8)
            let start = (at + 12 + ownerSize + mask) & ~mask
            guard let owner = contents.span.string(at: at + 12, count: max(ownerSize, 1) - 1),
                let description = contents.slice(offset: start, count: size)
            else {
                throw ELFError(
                    .outOfBounds, "a note reaches past the end of its section", section: name,
                    offset: base &+ UInt64(at))
            }
            notes.append(ELFNote(owner: owner, type: type, contents: description))
            at = (start + size + mask) & ~mask
        }
    }
}
