// SPDX-License-Identifier: Apache-2.0

public import Bytes

/// An IPv4 or IPv6 address.
///
/// The text of an IPv6 address follows RFC 5952: lower case, the longest run of zeros (the first of equals, at least
/// two groups) as `::`, and IPv4-mapped addresses as `::ffff:192.0.2.1`.
public struct InternetAddress: Hashable, Sendable {
    /// Whether this is an IPv4 address.
    public let isVersion4: Bool
    /// The bytes in network order as one number; an IPv4 address fills the low 32 bits.
    public let bits: UInt128

    /// Makes an IPv4 address from its number: 0x7f000001 is 127.0.0.1.
    public init(version4 bits: UInt32) {
        isVersion4 = true
        self.bits = UInt128(bits)
    }

    /// Makes an IPv6 address from its number.
    public init(version6 bits: UInt128) {
        isVersion4 = false
        self.bits = bits
    }

    /// Reads an address in network order, or answers `nil` when it does not fit.
    @inlinable
    public init?(in record: RawSpan, at offset: Int, isVersion4: Bool) {
        if isVersion4 {
            guard let bits = record.integer(at: offset, as: UInt32.self, order: .big) else { return nil }
            self.init(version4: bits)
        } else {
            guard let high = record.integer(at: offset, as: UInt64.self, order: .big),
                let low = record.integer(at: offset &+ 8, as: UInt64.self, order: .big)
            else { return nil }
            self.init(version6: UInt128(high) << 64 | UInt128(low))
        }
    }

    /// The bytes in network order: 4 or 16.
    public var bytes: [UInt8] {
        let count = isVersion4 ? 4 : 16
        return (0..<count).map { UInt8(truncatingIfNeeded: bits >> UInt128(8 * (count - 1 - $0))) }
    }

    /// Whether the first `prefix` bits are those of `network`; addresses of different versions never match, except that
    /// an IPv4-mapped IPv6 address matches as the IPv4 address in it.
    public func isInside(_ network: InternetAddress, prefix: Int) -> Bool {
        var own = bits
        if isVersion4 != network.isVersion4 {
            guard network.isVersion4, bits >> 32 == 0xffff else { return false }
            own = bits & 0xffff_ffff
        }
        let width = network.isVersion4 ? 32 : 128
        guard prefix > 0 else { return true }
        let shift = UInt128(max(0, width - prefix))
        return own >> shift == network.bits >> shift
    }
}

extension InternetAddress: CustomStringConvertible {
    /// The address as text.
    public var description: String {
        if isVersion4 { return Self.dotted(UInt32(truncatingIfNeeded: bits)) }
        if bits >> 32 == 0xffff { return "::ffff:" + Self.dotted(UInt32(truncatingIfNeeded: bits)) }
        let groups = (0..<8).map { UInt16(truncatingIfNeeded: bits >> UInt128(16 * (7 - $0))) }
        var best = 0..<0
        var start = 0
        while start < 8 {
            guard groups[start] == 0 else {
                start += 1
                continue
            }
            var end = start
            while end < 8, groups[end] == 0 { end += 1 }
            if end - start > max(best.count, 1) { best = start..<end }
            start = end
        }
        let hex = { (part: ArraySlice<UInt16>) in part.map { String($0, radix: 16) }.joined(separator: ":") }
        if best.isEmpty { return hex(groups[...]) }
        return hex(groups[..<best.lowerBound]) + "::" + hex(groups[best.upperBound...])
    }

    private static func dotted(_ bits: UInt32) -> String {
        "\(bits >> 24).\(bits >> 16 & 255).\(bits >> 8 & 255).\(bits & 255)"
    }
}

extension InternetAddress: LosslessStringConvertible {
    /// Reads `192.0.2.1`, `2001:db8::1` or `::ffff:192.0.2.1`, or answers `nil`.
    public init?(_ text: String) {
        if !text.utf8.contains(UInt8(ascii: ":")) {
            guard let bits = Self.parseVersion4(text[...]) else { return nil }
            self.init(version4: bits)
            return
        }
        guard let bits = Self.parseVersion6(text) else { return nil }
        self.init(version6: bits)
    }

    private static func parseVersion4(_ text: Substring) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bits: UInt32 = 0
        for part in parts {
            guard part.utf8.count <= 3, part.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }), let byte = UInt8(part) else {
                return nil
            }
            bits = bits << 8 | UInt32(byte)
        }
        return bits
    }

    private static func parseVersion6(_ text: String) -> UInt128? {
        guard text.utf8.count <= 45 else { return nil }
        var characters = text[...]
        var groups: [UInt16] = []
        // How many groups come before the `::`.
        var gap: Int?
        if characters.hasPrefix("::") {
            gap = 0
            characters = characters.dropFirst(2)
        }
        while !characters.isEmpty {
            let part = characters.prefix { $0 != ":" }
            characters = characters.dropFirst(part.count)
            if part.utf8.contains(UInt8(ascii: ".")) {
                guard characters.isEmpty, let bits = parseVersion4(part) else { return nil }
                groups += [UInt16(truncatingIfNeeded: bits >> 16), UInt16(truncatingIfNeeded: bits)]
                break
            }
            guard part.utf8.count <= 4, let first = part.utf8.first, first != 43, first != 45,
                let group = UInt16(part, radix: 16)
            else { return nil }
            groups.append(group)
            if characters.hasPrefix("::") {
                guard gap == nil else { return nil }
                gap = groups.count
                characters = characters.dropFirst(2)
            } else if !characters.isEmpty {
                characters = characters.dropFirst()
                // One colon stands between two groups.
                guard !characters.isEmpty else { return nil }
            }
        }
        guard gap == nil ? groups.count == 8 : groups.count < 8 else { return nil }
        let front = gap ?? groups.count
        var bits: UInt128 = 0
        for (index, group) in groups.enumerated() {
            // What follows the gap counts from the end.
            let position = index < front ? index : 8 - groups.count + index
            bits |= UInt128(group) << UInt128(16 * (7 - position))
        }
        return bits
    }
}
