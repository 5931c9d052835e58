// SPDX-License-Identifier: Apache-2.0

import Linux

extension KernelSymbols {
    /// The names of functions at addresses, read in one pass; empty when the kernel hides its addresses.
    ///
    /// - Complexity: O(symbols).
    static func names(at addresses: Set<UInt64>) throws(LinuxError) -> [UInt64: String] {
        var found: [UInt64: String] = [:]
        guard !addresses.isEmpty else { return found }
        try Files.forEachLine(of: "/proc/kallsyms") { line in
            line.withUnsafeBytes { line in
                let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
                guard fields.count == 3, let address = hexadecimal(fields[0]), addresses.contains(address),
                    // Functions only: a symbol of data may have the same address.
                    fields[1].first.map({ $0 | 0x20 }) == UInt8(ascii: "t") || fields[1].first == UInt8(ascii: "W")
                else { return true }
                if found[address] == nil {
                    found[address] = String(decoding: fields[2].prefix { $0 != UInt8(ascii: "\t") }, as: UTF8.self)
                }
                return found.count < addresses.count
            }
        }
        return found
    }

    private static func hexadecimal(_ digits: Slice<UnsafeRawBufferPointer>) -> UInt64? {
        var value: UInt64 = 0
        for digit in digits {
            let number: UInt8
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): number = digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): number = digit - UInt8(ascii: "a") + 10
            default: return nil
            }
            value = value << 4 | UInt64(number)
        }
        return value
    }
}
