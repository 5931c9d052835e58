// SPDX-License-Identifier: Apache-2.0

/// One entry of an ELF file's section table (`Elf64_Shdr`), with its name.
public struct ELFSection: Sendable, Hashable {
    /// The position in the section table; 0 is the reserved null section.
    public let index: Int
    /// The name, such as `.text`; empty when the file has no section names.
    public let name: String
    /// The type (`SHT_*`), such as ``programBits``.
    public let type: UInt32
    /// The flags (`SHF_*`).
    public let flags: UInt64
    /// The address in memory; 0 in relocatable files.
    public let address: UInt64
    /// The byte offset of the contents in the file.
    public let offset: UInt64
    /// The size of the contents in bytes.
    public let size: UInt64
    /// The index of a linked section; what it means depends on the type.
    public let link: UInt32
    /// Further information; for relocations the index of the section that they apply to.
    public let info: UInt32
    /// The alignment of the contents in bytes; 0 and 1 mean none.
    public let alignment: UInt64
    /// The size of one entry in bytes, for sections that are tables.
    public let entrySize: UInt64

    /// Holds machine instructions (`SHF_EXECINSTR`).
    public var isExecutable: Bool { flags & 0x4 != 0 }
    /// Is writable at run time (`SHF_WRITE`).
    public var isWritable: Bool { flags & 0x1 != 0 }
    /// Takes up memory at run time (`SHF_ALLOC`).
    public var isAllocated: Bool { flags & 0x2 != 0 }
    /// Is stored compressed (`SHF_COMPRESSED`).
    public var isCompressed: Bool { flags & 0x800 != 0 }
    /// Takes no space in the file and is zero at run time (`SHT_NOBITS`), as `.bss`.
    public var isZeroFilled: Bool { type == Self.noBits }

    /// The unused entry (`SHT_NULL`).
    public static let null: UInt32 = 0
    /// Contents that the program defines (`SHT_PROGBITS`).
    public static let programBits: UInt32 = 1
    /// The static symbol table (`SHT_SYMTAB`).
    public static let symbolTable: UInt32 = 2
    /// Strings (`SHT_STRTAB`).
    public static let stringTable: UInt32 = 3
    /// Relocations with explicit addends (`SHT_RELA`).
    public static let relocationsWithAddends: UInt32 = 4
    /// Notes (`SHT_NOTE`).
    public static let note: UInt32 = 7
    /// No bytes in the file (`SHT_NOBITS`).
    public static let noBits: UInt32 = 8
    /// Relocations whose addends are in the bytes they patch (`SHT_REL`).
    public static let relocations: UInt32 = 9
    /// The dynamic linker's symbol table (`SHT_DYNSYM`).
    public static let dynamicSymbolTable: UInt32 = 11
    /// A section group (`SHT_GROUP`).
    public static let group: UInt32 = 17
    /// Section indices of symbols that do not fit 16 bits (`SHT_SYMTAB_SHNDX`).
    public static let extendedSymbolIndices: UInt32 = 18
    /// LLVM's list of address-significant symbols (`SHT_LLVM_ADDRSIG`).
    public static let addressSignificance: UInt32 = 0x6fff_4c03
    /// Definitions of symbol versions (`SHT_GNU_verdef`).
    public static let versionDefinitions: UInt32 = 0x6fff_fffd
    /// Requirements of symbol versions (`SHT_GNU_verneed`).
    public static let versionRequirements: UInt32 = 0x6fff_fffe
    /// One version index for each dynamic symbol (`SHT_GNU_versym`).
    public static let symbolVersions: UInt32 = 0x6fff_ffff
}
