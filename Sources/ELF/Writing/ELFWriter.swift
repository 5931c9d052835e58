// SPDX-License-Identifier: Apache-2.0

public import Bytes

/// Makes a relocatable ELF file (`ET_REL`) from sections, symbols and relocations, in either byte order.
///
/// Sections keep the order in which they were added. The tables of symbols and strings are sections too, so that the caller
/// says where they stand; what is in them, and every number that refers to them, is worked out when the file is encoded.
/// Equal input gives equal output.
///
/// ```swift
/// var writer = ELFWriter(order: .little, machine: ELFFile.machineBPF)
/// let strings = writer.add(ELFWriter.Section(name: ".strtab", contents: .strings))
/// let code = writer.add(ELFWriter.Section(name: "xdp", contents: .bytes(code), flags: 0x6, alignment: 8))
/// writer.add(ELFWriter.Section(name: ".symtab", contents: .symbols))
/// writer.add(ELFWriter.Symbol(name: "drop", home: .section(code), size: 16, type: .function, binding: .global))
/// let object = try writer.encode()
/// ```
public struct ELFWriter: Sendable {
    /// The byte order that is written.
    public let order: ByteOrder
    /// The machine (`EM_*`), such as ``ELFFile/machineBPF``.
    public let machine: UInt16
    /// Flags of the machine's own.
    public var flags: UInt32
    /// The sections; the first has the number 1.
    public private(set) var sections: [Section] = []
    /// The symbols in the order in which they were added; the first has the number 1. Local ones are written first.
    public private(set) var symbols: [Symbol] = []

    /// Starts an empty file.
    public init(order: ByteOrder = .host, machine: UInt16, flags: UInt32 = 0) {
        self.order = order
        self.machine = machine
        self.flags = flags
    }

    /// Adds a section and answers its number.
    @discardableResult
    public mutating func add(_ section: Section) -> Int {
        sections.append(section)
        return sections.count
    }

    /// Adds a symbol and answers the number that relocations name it by; encoding may move it in the table.
    @discardableResult
    public mutating func add(_ symbol: Symbol) -> Int {
        symbols.append(symbol)
        return symbols.count
    }

    /// A section that is to be written.
    public struct Section: Sendable {
        /// The name.
        public var name: String
        /// What it holds.
        public var contents: Contents
        /// The type (`SHT_*`) of plain contents; that of tables follows from ``contents``.
        public var type: UInt32
        /// The flags (`SHF_*`).
        public var flags: UInt64
        /// The alignment in bytes; 0 and 1 mean none.
        public var alignment: UInt64
        /// The size of one entry of plain contents that are a table.
        public var entrySize: UInt64
        /// The number of a linked section for plain contents, 0 for none.
        public var link: Int
        /// Further information for plain contents.
        public var information: UInt32

        /// Describes a section.
        public init(
            name: String, contents: Contents, type: UInt32 = ELFSection.programBits, flags: UInt64 = 0,
            alignment: UInt64 = 1, entrySize: UInt64 = 0, link: Int = 0, information: UInt32 = 0
        ) {
            self.name = name
            self.contents = contents
            self.type = type
            self.flags = flags
            self.alignment = alignment
            self.entrySize = entrySize
            self.link = link
            self.information = information
        }
    }

    /// What a section holds.
    public enum Contents: Sendable {
        /// Bytes.
        case bytes([UInt8])
        /// So many zeros, which take no space in the file (`SHT_NOBITS`).
        case zeros(UInt64)
        /// The symbol table; a file has at most one.
        case symbols
        /// The names of sections and symbols; a file has exactly one.
        case strings
        /// The relocations of a section, by its number; with addends of their own (`SHT_RELA`) or not (`SHT_REL`).
        case relocations([Relocation], of: Int, withAddends: Bool)
        /// A section group: flags, the numbers of its sections, and the symbol that names it.
        case group(flags: UInt32, members: [Int], signature: Int)
    }

    /// A symbol that is to be written.
    public struct Symbol: Sendable {
        /// The name.
        public var name: String
        /// Where it is defined.
        public var home: Home
        /// The value: an offset in its section.
        public var value: UInt64
        /// The size in bytes; 0 when unknown.
        public var size: UInt64
        /// What it names.
        public var type: ELFSymbol.SymbolType
        /// How it is seen from other files.
        public var binding: ELFSymbol.SymbolBinding
        /// How it is seen from other modules.
        public var visibility: ELFSymbol.SymbolVisibility

        /// Where a symbol is defined.
        public enum Home: Sendable, Hashable {
            /// Elsewhere.
            case undefined
            /// In a section, by its number.
            case section(Int)
            /// Nowhere: the value is a constant.
            case absolute
            /// In memory that is not laid out yet.
            case common
        }

        /// Describes a symbol.
        public init(
            name: String, home: Home, value: UInt64 = 0, size: UInt64 = 0, type: ELFSymbol.SymbolType = .none,
            binding: ELFSymbol.SymbolBinding = .local, visibility: ELFSymbol.SymbolVisibility = .default
        ) {
            self.name = name
            self.home = home
            self.value = value
            self.size = size
            self.type = type
            self.binding = binding
            self.visibility = visibility
        }
    }

    /// A relocation that is to be written.
    public struct Relocation: Sendable, Hashable {
        /// The byte offset in the section that is patched.
        public var offset: UInt64
        /// The machine's relocation type.
        public var type: UInt32
        /// The symbol, by the number that ``ELFWriter/add(_:)-(Symbol)`` answered; 0 for none.
        public var symbol: Int
        /// The addend, where the section has such.
        public var addend: Int64

        /// Describes a relocation.
        public init(offset: UInt64, type: UInt32, symbol: Int, addend: Int64 = 0) {
            self.offset = offset
            self.type = type
            self.symbol = symbol
            self.addend = addend
        }
    }
}
