// SPDX-License-Identifier: Apache-2.0

public import DWARF

/// What is at an address: a symbol and how far into it, or at least a module.
public struct ResolvedSymbol: Sendable, Hashable, CustomStringConvertible {
    /// The address that was asked for.
    public let address: UInt64
    /// The symbol's name, demangled where that is possible; `nil` when no symbol is known there.
    public let name: String?
    /// How many bytes the address is behind the symbol's start, or the module's when there is no symbol.
    public let offset: UInt64
    /// The kernel module's name, or the path of the mapped file; `nil` for the kernel itself and unknown places.
    public let module: String?
    /// The place in source, when it was asked for and is known.
    public let source: DWARFSourceLocation?

    /// Makes an answer.
    public init(
        address: UInt64, name: String?, offset: UInt64, module: String?, source: DWARFSourceLocation? = nil
    ) {
        self.address = address
        self.name = name
        self.offset = offset
        self.module = module
        self.source = source
    }

    /// `name+0x10`, without symbol `[libc.so.6]+0x1234`, without module the address.
    public var description: String {
        let distance = offset == 0 ? "" : "+0x" + String(offset, radix: 16)
        if let name { return name + distance }
        if let module { return "[\(Self.fileName(of: module))]+0x" + String(offset, radix: 16) }
        return "0x" + String(address, radix: 16)
    }

    static func fileName(of path: String) -> String {
        if path.hasPrefix("[") { return String(path.dropFirst().prefix { $0 != "]" }) }
        return path.split(separator: "/").last.map { String($0) } ?? path
    }
}
