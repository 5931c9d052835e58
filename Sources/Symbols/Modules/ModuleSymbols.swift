// SPDX-License-Identifier: Apache-2.0

import Bytes
import DWARF
import Diagnostics
import ELF
import Linux

/// The functions of one program or library, copied out of its file, which is then let go.
final class ModuleSymbols: Sendable {
    let path: String
    private let table: SymbolTable
    /// Where each part of the file is in memory, before the load bias.
    private let segments: [ELFSegment]
    let lines: DWARFLineTable?

    /// How far an address may be behind a symbol of unknown size.
    private static let furthest: UInt64 = 1 << 16

    /// Reads a file's symbols: its own, and those of its separate debug file when it is stripped.
    ///
    /// - Parameters:
    ///   - path: where the file is opened; `name` is what it is called in answers.
    ///   - withLines: whether to index the line table too, which then keeps the file mapped.
    init(opening path: String, name: String, withLines: Bool) throws(SymbolError) {
        self.path = name
        let file: ELFFile
        do {
            file = try ELFFile(try SymbolFiles.contents(of: path))
        } catch {
            throw SymbolError(
                .unreadable, "a program's symbols cannot be read", context: [.init("file", name)], cause: error)
        }
        segments = file.segments.filter { $0.type == ELFSegment.load }
        var table = SymbolTable()
        Self.add(ELFSection.symbolTable, of: file, to: &table)
        var debug: ELFFile?
        if table.count == 0 || withLines { debug = Self.debugFile(of: file) }
        if table.count == 0, let debug { Self.add(ELFSection.symbolTable, of: debug, to: &table) }
        if table.count == 0 { Self.add(ELFSection.dynamicSymbolTable, of: file, to: &table) }
        table.sort()
        self.table = table
        lines = withLines ? (try? DWARFLineTable(file)) ?? debug.flatMap { try? DWARFLineTable($0) } : nil
    }

    /// Adds the functions of a symbol table; one that is malformed adds none.
    private static func add(_ type: UInt32, of file: ELFFile, to table: inout SymbolTable) {
        guard let symbols = try? file.symbolTable(ofType: type) else { return }
        table.reserve(symbols: symbols.count, nameBytes: min(symbols.count &* 32, 1 << 26))
        // Names may share bytes in a hostile file: what is copied out of it is bounded by its size.
        var budget = file.bytes.count &* 4
        for index in 0..<symbols.count {
            guard let entry = symbols.entry(at: index), !entry.isUndefined, !entry.isAbsolute,
                entry.type == .function || entry.type == .indirectFunction,
                let name = symbols.name(of: entry), !name.isEmpty
            else { continue }
            budget -= name.utf8.count
            guard budget >= 0 else { return }
            // A linker writes versions behind the name.
            let plain = name.utf8.prefix { $0 != UInt8(ascii: "@") }
            table.add(address: entry.value, size: entry.size, name: plain)
        }
    }

    /// The file with the debug information that was split off (build id, as distributions install it).
    private static func debugFile(of file: ELFFile) -> ELFFile? {
        guard let identifier = try? file.buildID(), identifier.count > 1 else { return nil }
        let digits = identifier.map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }
        let path = "/usr/lib/debug/.build-id/\(digits[0])/\(digits.dropFirst().joined()).debug"
        guard Files.exists(path), let contents = try? SymbolFiles.contents(of: path) else { return nil }
        return try? ELFFile(contents)
    }

    /// What is at a byte of the file that is mapped at an address of a process.
    func symbol(atFileOffset offset: UInt64, address: UInt64) -> ResolvedSymbol {
        guard let place = fileAddress(offset) else {
            return ResolvedSymbol(address: address, name: nil, offset: offset, module: path)
        }
        let source = lines.flatMap { try? $0.location(of: DWARFAddress(section: nil, value: place)) }
        guard let found = table.symbol(at: place, furthest: Self.furthest) else {
            return ResolvedSymbol(address: address, name: nil, offset: place, module: path, source: source)
        }
        return ResolvedSymbol(
            address: address, name: Demangler.demangle(table.name(at: found.index)), offset: found.offset,
            module: path, source: source)
    }

    private func fileAddress(_ offset: UInt64) -> UInt64? {
        var found: UInt64?
        for segment in segments where offset >= segment.offset && offset - segment.offset < segment.fileSize {
            let address = segment.address &+ (offset - segment.offset)
            if segment.isExecutable { return address }
            found = found ?? address
        }
        return found
    }
}
