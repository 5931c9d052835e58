// SPDX-License-Identifier: Apache-2.0

import Linux

/// Addresses of the kernel's symbols without types, from `/proc/kallsyms`.
enum KernelSymbols {
    /// The address of a symbol, or `nil` when the kernel has none of that name.
    ///
    /// - Returns: 0 when the kernel hides its addresses (`kptr_restrict`).
    /// - Throws: `ENOTUNIQ` when several symbols have this name, at different addresses.
    /// - Complexity: O(symbols): about 200,000 lines, which is why typed symbols are looked up in BTF.
    static func address(of name: String) throws(LinuxError) -> UInt64? {
        try addresses(of: [name])[name]
    }

    /// The addresses of several symbols, in one pass; names that the kernel does not have are left out.
    ///
    /// - Throws: `ENOTUNIQ` when several symbols have one of the names, at different addresses.
    /// - Complexity: O(symbols), however many names are asked for.
    static func addresses(of names: Set<String>) throws(LinuxError) -> [String: UInt64] {
        guard !names.isEmpty else { return [:] }
        var found: [String: UInt64] = [:]
        var ambiguous: String?
        let lengths = Set(names.lazy.map(\.utf8.count))
        try Files.forEachLine(of: "/proc/kallsyms") { line in
            line.withUnsafeBytes { line in
                // `ffffffff81000000 T _text`, with a module's name in brackets after a tab.
                var space = 0
                while space < line.count, line[space] != UInt8(ascii: " ") { space += 1 }
                let start = space + 3
                guard start < line.count else { return true }
                var end = start
                while end < line.count, line[end] != UInt8(ascii: "\t") { end += 1 }
                guard lengths.contains(end - start) else { return true }
                let name = String(decoding: line[start..<end], as: UTF8.self)
                guard names.contains(name) else { return true }
                let address = UInt64(String(decoding: line[..<space], as: UTF8.self), radix: 16)
                if let known = found[name], known != address { ambiguous = name }
                found[name] = address
                return ambiguous == nil
            }
        }
        guard let ambiguous else { return found }
        throw LinuxError(.notUnique, call: "kallsyms", explanation: "the kernel has several symbols \(ambiguous)")
    }
}
