// SPDX-License-Identifier: Apache-2.0

import Linux

/// Functions that a just-in-time compiler made: lines `START SIZE name` of `/tmp/perf-PID.map`, as perf reads them.
struct PerfMap: Sendable {
    private(set) var table = SymbolTable()

    private static let mostSymbols = 1 << 20
    private static let mostNameBytes = 1 << 26

    init(reading path: String) throws(LinuxError) {
        var nameBytes = 0
        var table = SymbolTable()
        try Files.forEachLine(of: path) { line in
            line.withUnsafeBytes { line in
                var at = 0
                guard let start = Hexadecimal.read(line, &at), at < line.count, line[at] == 0x20 else { return true }
                at += 1
                guard let size = Hexadecimal.read(line, &at), at < line.count, line[at] == 0x20 else { return true }
                let name = line[(at + 1)...]
                nameBytes += name.count
                table.add(address: start, size: size, name: name)
                return table.count < Self.mostSymbols && nameBytes < Self.mostNameBytes
            }
        }
        table.sort()
        self.table = table
    }

    func symbol(at address: UInt64) -> ResolvedSymbol? {
        guard let found = table.symbol(at: address, furthest: 1) else { return nil }
        return ResolvedSymbol(
            address: address, name: table.name(at: found.index), offset: found.offset, module: "[jit]")
    }
}
