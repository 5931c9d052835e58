// SPDX-License-Identifier: Apache-2.0

public import Bytes

/// A 64-bit ELF file of either byte order: its sections, segments, symbols, relocations and notes.
///
/// The header, the section table and the section names are checked when the value is made; everything else is read when
/// it is asked for. The bytes are not copied, so a file mapping stays one. Follows the System V gABI, chapters 4 and 5.
///
/// ```swift
/// let file = try ELFFile(bytes)
/// try file.requireBPFObject()
/// for section in file.sections where section.isExecutable { print(section.name, section.size) }
/// ```
public struct ELFFile: Sendable {
    /// The whole file.
    public let bytes: OwnedBytes
    /// The order of the bytes in its integers.
    public let order: ByteOrder
    /// The type (`ET_*`): ``relocatable``, ``executable``, ``sharedObject``.
    public let type: UInt16
    /// The machine (`EM_*`), such as ``machineBPF``.
    public let machine: UInt16
    /// Flags of the machine's own.
    public let flags: UInt32
    /// The address where execution starts; 0 when there is none.
    public let entry: UInt64
    /// The section table, with the reserved section 0.
    public let sections: [ELFSection]
    /// The program header table; empty in relocatable files.
    public let segments: [ELFSegment]
    /// The index of the section that holds the sections' names; 0 when there is none.
    let nameTableIndex: Int
    /// The indices of the relocation tables of each section that has any.
    let relocationTables: [Int: [Int]]

    /// An object to be linked or loaded (`ET_REL`).
    public static let relocatable: UInt16 = 1
    /// An executable at fixed addresses (`ET_EXEC`).
    public static let executable: UInt16 = 2
    /// A shared library or position-independent executable (`ET_DYN`).
    public static let sharedObject: UInt16 = 3
    /// x86-64 (`EM_X86_64`).
    public static let machineX86: UInt16 = 62
    /// arm64 (`EM_AARCH64`).
    public static let machineARM64: UInt16 = 183
    /// BPF (`EM_BPF`).
    public static let machineBPF: UInt16 = 247

    /// Reads the header and the tables of sections and segments.
    ///
    /// - Throws: ``ELFError`` when the bytes are no 64-bit ELF file, when a table or a section's contents lie past the
    ///   end, or when a section's name does.
    public init(_ bytes: OwnedBytes) throws(ELFError) {
        let header = try ELFHeader(bytes)
        let tables = try ELFTables(bytes, header: header)
        self.bytes = bytes
        order = header.order
        type = header.type
        machine = header.machine
        flags = header.flags
        entry = header.entry
        sections = tables.sections
        segments = tables.segments
        nameTableIndex = tables.nameTableIndex
        relocationTables = tables.relocationTables
    }

    /// The first section of that name.
    ///
    /// - Complexity: O(number of sections).
    public func section(named name: String) -> ELFSection? {
        sections.first { $0.name == name }
    }

    /// The bytes of a section, without a copy; of a section without bytes in the file (`SHT_NOBITS`) none.
    ///
    /// - Throws: ``ELFError`` for a compressed section (`SHF_COMPRESSED`) and for one of another file that lies past
    ///   the end of this one.
    public func contents(of section: ELFSection) throws(ELFError) -> OwnedBytes {
        if section.isZeroFilled || section.type == ELFSection.null { return OwnedBytes([]) }
        if section.isCompressed {
            throw ELFError(
                .unsupported, "compressed sections are not supported", section: section.name, offset: section.offset,
                hint: "decompress it with objcopy --decompress-debug-sections")
        }
        guard let offset = Int(exactly: section.offset), let size = Int(exactly: section.size),
            let slice = bytes.slice(offset: offset, count: size)
        else {
            throw ELFError(
                .outOfBounds, "the section's contents reach past the end of the file (\(section.size) bytes)",
                section: section.name, offset: section.offset)
        }
        return slice
    }

    /// Checks that the sections together are not larger than the file: those that share bytes would make what is read
    /// from a small file arbitrarily large.
    ///
    /// - Throws: ``ELFError`` when they are.
    public func requireSeparateSections() throws(ELFError) {
        var total: UInt64 = 0
        for section in sections where !section.isZeroFilled && section.type != ELFSection.null {
            let (sum, overflow) = total.addingReportingOverflow(section.size)
            guard !overflow, sum <= UInt64(bytes.count) else {
                throw ELFError(.malformed, "the file's sections overlap", section: section.name, offset: section.offset)
            }
            total = sum
        }
    }

    /// Checks that the file is a relocatable BPF object.
    ///
    /// - Throws: ``ELFError`` that says what the file is instead.
    public func requireBPFObject() throws(ELFError) {
        guard machine == Self.machineBPF else {
            throw ELFError(
                .wrongKind, "the file is for \(Self.describe(machine: machine)), not a BPF object", offset: 18,
                hint: "compile the kernel part with clang --target=bpf -g -O2 -c")
        }
        guard type == Self.relocatable else {
            throw ELFError(
                .wrongKind, "the BPF file is of ELF type \(type), not relocatable (1)", offset: 16,
                hint: "give the output of clang -c; it must not have been through a linker")
        }
    }

    private static func describe(machine: UInt16) -> String {
        switch machine {
        case machineX86: "x86-64"
        case machineARM64: "arm64"
        case 243: "RISC-V"
        case 22: "s390x"
        case 21: "ppc64"
        case 258: "LoongArch"
        default: "machine \(machine)"
        }
    }
}
