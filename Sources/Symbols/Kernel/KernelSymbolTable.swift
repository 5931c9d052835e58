// SPDX-License-Identifier: Apache-2.0

import Linux

/// The kernel's symbols, those of its modules and of BPF programs included, from `/proc/kallsyms`.
///
/// Read once, line by line; some 120,000 symbols take about 5 MB. Modules and programs that come later are not in it:
/// make a new one to see them.
///
/// ```swift
/// let kernel = try KernelSymbolTable()
/// print(kernel.symbol(at: address)?.description ?? "unknown")   // do_sys_openat2+0x12
/// ```
public struct KernelSymbolTable: Sendable {
    private var table = SymbolTable()
    /// The module of each address that belongs to one.
    private var modules: [UInt64: UInt16] = [:]
    private var moduleNames: [String] = []

    /// Functions are shorter; what is farther behind the last symbol of a module belongs to nothing.
    private static let furthest: UInt64 = 1 << 20

    /// Reads the kernel's list.
    ///
    /// - Parameter path: another list, for tests.
    /// - Throws: ``SymbolError`` with code ``SymbolError/Code/kernelAddressesHidden`` when the kernel shows zeros to
    ///   this user, else ``SymbolError/Code/kernelSymbolsUnreadable``.
    public init(reading path: String = "/proc/kallsyms") throws(SymbolError) {
        table.reserve(symbols: 1 << 17, nameBytes: 1 << 22)
        var numbers: [[UInt8]: UInt16] = [:]
        var (isHidden, malformed) = (true, 0)
        do throws(LinuxError) {
            try Files.forEachLine(of: path) { line in
                line.withUnsafeBytes { line in
                    guard let symbol = KernelSymbolLine(line) else {
                        malformed += line.isEmpty ? 0 : 1
                        return malformed < 100
                    }
                    if symbol.address != 0 { isHidden = false }
                    // Absolute symbols are offsets into per-CPU data, not addresses.
                    if symbol.kind | 0x20 == UInt8(ascii: "a") { return true }
                    table.add(address: symbol.address, size: 0, name: symbol.name)
                    if let module = symbol.module {
                        let bytes = [UInt8](module)
                        var number = numbers[bytes]
                        if number == nil, let next = UInt16(exactly: moduleNames.count) {
                            number = next
                            numbers[bytes] = next
                            moduleNames.append(String(decoding: bytes, as: UTF8.self))
                        }
                        modules[symbol.address] = number
                    }
                    return true
                }
            }
        } catch {
            throw SymbolError(
                .kernelSymbolsUnreadable, "the kernel's symbols cannot be read", cause: error)
        }
        guard malformed < 100, table.count > 0 else {
            throw SymbolError(
                .kernelSymbolsUnreadable,
                table.count == 0 && malformed == 0
                    ? "the kernel lists no symbols" : "\(path) has lines of an unknown form",
                hint: "the kernel must be built with CONFIG_KALLSYMS")
        }
        guard !isHidden else {
            throw SymbolError(
                .kernelAddressesHidden, "the kernel hides the addresses of its symbols",
                hint: "run as root, or ask an administrator for sysctl kernel.kptr_restrict=0")
        }
        table.sort()
    }

    /// The number of symbols.
    public var count: Int { table.count }

    /// What is at a kernel address; `nil` when nothing is known there.
    ///
    /// - Complexity: O(log n).
    public func symbol(at address: UInt64) -> ResolvedSymbol? {
        guard let found = table.symbol(at: address, furthest: Self.furthest) else { return nil }
        let start = table.addresses[found.index]
        return ResolvedSymbol(
            address: address, name: table.name(at: found.index), offset: found.offset,
            module: modules[start].map { moduleNames[Int($0)] })
    }

    /// The address of a symbol; of several with the name the lowest one.
    ///
    /// - Complexity: O(n).
    public func address(of name: String) -> UInt64? {
        for index in 0..<table.count where table.name(at: index, equals: name) { return table.addresses[index] }
        return nil
    }
}
