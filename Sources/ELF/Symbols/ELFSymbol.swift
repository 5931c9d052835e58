// SPDX-License-Identifier: Apache-2.0

/// One symbol of an ELF file (`Elf64_Sym`).
public struct ELFSymbol: Sendable, Hashable {
    /// The position in its symbol table, as relocations name it; 0 is the reserved null symbol.
    public let index: Int
    /// The name as in the file, which can be empty or end with a version such as `@@GLIBC_2.2.5`.
    public let name: String
    /// The value: an offset within its section in relocatable files, else an address.
    public let value: UInt64
    /// The size in bytes; 0 when unknown.
    public let size: UInt64
    /// What the symbol names.
    public let type: SymbolType
    /// How it is seen from other files.
    public let binding: SymbolBinding
    /// How it is seen from other modules.
    public let visibility: SymbolVisibility
    /// The section it is defined in; `nil` when it is undefined, absolute or common.
    public let sectionIndex: Int?
    /// The value is a constant and no address (`SHN_ABS`).
    public let isAbsolute: Bool
    /// A C common symbol, not yet allocated (`SHN_COMMON`).
    public let isCommon: Bool

    /// The symbol is neither defined in a section nor absolute or common.
    public var isUndefined: Bool { sectionIndex == nil && !isAbsolute && !isCommon }

    /// What a symbol names (`STT_*`).
    public struct SymbolType: RawRepresentable, Sendable, Hashable {
        /// The number in the file.
        public let rawValue: UInt8
        /// Makes a type of its number.
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// Nothing in particular (`STT_NOTYPE`).
        public static let none = SymbolType(rawValue: 0)
        /// Data (`STT_OBJECT`).
        public static let object = SymbolType(rawValue: 1)
        /// Code (`STT_FUNC`).
        public static let function = SymbolType(rawValue: 2)
        /// A section (`STT_SECTION`).
        public static let section = SymbolType(rawValue: 3)
        /// A source file (`STT_FILE`).
        public static let file = SymbolType(rawValue: 4)
        /// Data of threads (`STT_TLS`).
        public static let threadLocal = SymbolType(rawValue: 6)
        /// Code that chooses an implementation when the program starts (`STT_GNU_IFUNC`).
        public static let indirectFunction = SymbolType(rawValue: 10)
    }

    /// How a symbol is seen from other files (`STB_*`).
    public struct SymbolBinding: RawRepresentable, Sendable, Hashable {
        /// The number in the file.
        public let rawValue: UInt8
        /// Makes a binding of its number.
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// Only in its own file (`STB_LOCAL`).
        public static let local = SymbolBinding(rawValue: 0)
        /// In all files (`STB_GLOBAL`).
        public static let global = SymbolBinding(rawValue: 1)
        /// In all files, and yields to a global one (`STB_WEAK`).
        public static let weak = SymbolBinding(rawValue: 2)
    }

    /// How a symbol is seen from other modules (`STV_*`).
    public struct SymbolVisibility: RawRepresentable, Sendable, Hashable {
        /// The number in the file.
        public let rawValue: UInt8
        /// Makes a visibility of its number.
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// As the binding says (`STV_DEFAULT`).
        public static let `default` = SymbolVisibility(rawValue: 0)
        /// As the machine defines it (`STV_INTERNAL`).
        public static let `internal` = SymbolVisibility(rawValue: 1)
        /// Not visible to other modules (`STV_HIDDEN`).
        public static let hidden = SymbolVisibility(rawValue: 2)
        /// Visible but not replaceable (`STV_PROTECTED`).
        public static let protected = SymbolVisibility(rawValue: 3)
    }
}
