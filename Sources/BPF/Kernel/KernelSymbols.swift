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
        var found: UInt64?
        var isAmbiguous = false
        let wanted = Array(name.utf8)
        try Files.forEachLine(of: "/proc/kallsyms") { line in
            line.withUnsafeBytes { line in
                // `ffffffff81000000 T _text`, with a module's name in brackets after a tab.
                let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
                guard fields.count == 3 else { return true }
                let symbol = fields[2].prefix { $0 != UInt8(ascii: "\t") }
                guard symbol.elementsEqual(wanted) else { return true }
                let address = UInt64(String(decoding: fields[0], as: UTF8.self), radix: 16)
                isAmbiguous = found != nil && found != address
                found = address
                return !isAmbiguous
            }
        }
        guard !isAmbiguous else {
            throw LinuxError(
                .notUnique, call: "kallsyms", explanation: "the kernel has several symbols \(name)")
        }
        return found
    }
}
