// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A range of internet addresses, such as `10.1.0.0/16` or `2001:db8::/32`.
public struct InternetPrefix: Sendable, Hashable, CustomStringConvertible {
    /// 4 bytes for IPv4, 16 for IPv6.
    public let address: [UInt8]
    /// How many leading bits count.
    public let length: UInt8

    /// Makes a range; `nil` when the address has neither 4 nor 16 bytes or the length is too large.
    public init?(address: [UInt8], length: UInt8) {
        guard address.count == 4 || address.count == 16, Int(length) <= address.count * 8 else { return nil }
        self.address = address
        self.length = length
    }

    /// Reads `ADDRESS/LENGTH`, or `ADDRESS` for one address.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = Self.parse(String(first)) else { return nil }
        var length = UInt8(address.count * 8)
        if parts.count == 2 {
            guard let number = UInt8(parts[1]) else { return nil }
            length = number
        }
        self.init(address: address, length: length)
    }

    /// Whether it is a range of IPv6.
    public var isVersion6: Bool { address.count == 16 }

    /// `ADDRESS/LENGTH`.
    public var description: String {
        var text = [CChar](repeating: 0, count: 64)
        guard inet_ntop(isVersion6 ? AF_INET6 : AF_INET, address, &text, 64) != nil else { return "?" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) + "/\(length)"
    }

    private static func parse(_ text: String) -> [UInt8]? {
        for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: count)
            if inet_pton(family, text, &bytes) == 1 { return bytes }
        }
        return nil
    }
}
