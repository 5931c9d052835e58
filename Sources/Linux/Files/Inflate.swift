// SPDX-License-Identifier: Apache-2.0

/// Decompression of DEFLATE data (RFC 1951) and of gzip files (RFC 1952).
///
/// The input is not trusted: the output is bounded, every back reference is checked, and broken data is an error.
///
/// ```swift
/// let text = try Inflate.gzip(Files.read("/proc/config.gz"), limit: 4 << 20)
/// ```
public enum Inflate {
    /// Why data could not be decompressed.
    public enum Failure: Error, Sendable, Hashable {
        /// The data ended too early.
        case truncated
        /// The data breaks the format.
        case malformed
        /// The output is larger than the limit.
        case tooLarge
    }

    /// Decompresses a gzip file, checking its length and CRC-32. Only the first member is read.
    public static func gzip(_ bytes: [UInt8], limit: Int) throws(Failure) -> [UInt8] {
        guard bytes.count >= 18 else { throw .truncated }
        guard bytes[0] == 0x1f, bytes[1] == 0x8b, bytes[2] == 8 else { throw .malformed }
        let flags = bytes[3]
        var offset = 10
        if flags & 4 != 0 {  // FEXTRA
            guard offset + 2 <= bytes.count else { throw .truncated }
            offset += 2 + Int(bytes[offset]) + Int(bytes[offset + 1]) << 8
        }
        for flag: UInt8 in [8, 16] where flags & flag != 0 {  // FNAME, FCOMMENT
            guard offset < bytes.count, let end = bytes[offset...].firstIndex(of: 0) else { throw .truncated }
            offset = end + 1
        }
        if flags & 2 != 0 { offset += 2 }  // FHCRC
        guard offset < bytes.count else { throw .truncated }
        var reader = BitReader(bytes: bytes, offset: offset)
        let output = try inflate(&reader, limit: limit)
        let trailer = reader.alignedOffset
        guard trailer <= bytes.count - 8 else { throw .truncated }
        var words: [UInt32] = [0, 0]
        for index in 0..<8 { words[index / 4] |= UInt32(bytes[trailer + index]) << UInt32(index % 4 * 8) }
        guard words[0] == checksum(output), words[1] == UInt32(truncatingIfNeeded: output.count) else {
            throw .malformed
        }
        return output
    }

    /// Decompresses raw DEFLATE data.
    public static func raw(_ bytes: [UInt8], limit: Int) throws(Failure) -> [UInt8] {
        var reader = BitReader(bytes: bytes, offset: 0)
        return try inflate(&reader, limit: limit)
    }

    private static func inflate(_ reader: inout BitReader, limit: Int) throws(Failure) -> [UInt8] {
        var output: [UInt8] = []
        while true {
            let isLast = try reader.bits(1) == 1
            switch try reader.bits(2) {
            case 0: try stored(&reader, &output, limit)
            case 1: try compressed(&reader, &output, limit, try .fixedLiterals(), try .fixedDistances())
            case 2:
                let (literals, distances) = try dynamicCodes(&reader)
                try compressed(&reader, &output, limit, literals, distances)
            default: throw .malformed
            }
            if isLast { return output }
        }
    }

    private static func stored(
        _ reader: inout BitReader, _ output: inout [UInt8], _ limit: Int
    ) throws(Failure) {
        reader.align()
        let count = try reader.bits(16)
        let complement = try reader.bits(16)
        guard count ^ complement == 0xffff else { throw .malformed }
        guard count <= limit - output.count else { throw .tooLarge }
        for _ in 0..<count { output.append(UInt8(truncatingIfNeeded: try reader.bits(8))) }
    }

    private static func compressed(
        _ reader: inout BitReader, _ output: inout [UInt8], _ limit: Int, _ literals: HuffmanCode,
        _ distances: HuffmanCode
    ) throws(Failure) {
        while true {
            let symbol = try literals.symbol(&reader)
            if symbol == 256 { return }
            guard output.count < limit else { throw .tooLarge }
            if symbol < 256 {
                output.append(UInt8(truncatingIfNeeded: symbol))
                continue
            }
            guard symbol - 257 < lengths.count else { throw .malformed }
            let (base, extra) = lengths[symbol - 257]
            let length = base + (try reader.bits(extra))
            let code = try distances.symbol(&reader)
            guard code < 30 else { throw .malformed }
            let distanceBits = code < 4 ? 0 : code / 2 - 1
            let distanceBase = code < 4 ? code + 1 : ((2 + (code & 1)) << distanceBits) + 1
            let distance = distanceBase + (try reader.bits(distanceBits))
            guard distance <= output.count else { throw .malformed }
            guard length <= limit - output.count else { throw .tooLarge }
            for _ in 0..<length { output.append(output[output.count - distance]) }
        }
    }

    private static func dynamicCodes(
        _ reader: inout BitReader
    ) throws(Failure) -> (literals: HuffmanCode, distances: HuffmanCode) {
        let literalCount = try reader.bits(5) + 257
        let distanceCount = try reader.bits(5) + 1
        let codeCount = try reader.bits(4) + 4
        var codeLengths = [UInt8](repeating: 0, count: 19)
        for index in 0..<codeCount { codeLengths[codeOrder[index]] = UInt8(truncatingIfNeeded: try reader.bits(3)) }
        let code = try HuffmanCode(codeLengths)
        var all: [UInt8] = []
        while all.count < literalCount + distanceCount {
            let symbol = try code.symbol(&reader)
            switch symbol {
            case 0..<16: all.append(UInt8(symbol))
            case 16:
                guard let last = all.last else { throw .malformed }
                all.append(contentsOf: repeatElement(last, count: 3 + (try reader.bits(2))))
            case 17: all.append(contentsOf: repeatElement(0, count: 3 + (try reader.bits(3))))
            default: all.append(contentsOf: repeatElement(0, count: 11 + (try reader.bits(7))))
            }
        }
        guard all.count == literalCount + distanceCount else { throw .malformed }
        return (
            try HuffmanCode([UInt8](all[0..<literalCount])), try HuffmanCode([UInt8](all[literalCount...]))
        )
    }

    private static let codeOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

    /// Base and extra bits of the length symbols 257 to 285.
    private static let lengths: [(Int, Int)] = [
        (3, 0), (4, 0), (5, 0), (6, 0), (7, 0), (8, 0), (9, 0), (10, 0), (11, 1), (13, 1), (15, 1), (17, 1),
        (19, 2), (23, 2), (27, 2), (31, 2), (35, 3), (43, 3), (51, 3), (59, 3), (67, 4), (83, 4), (99, 4), (115, 4),
        (131, 5), (163, 5), (195, 5), (227, 5), (258, 0),
    ]

    /// CRC-32 as gzip and Ethernet use it.
    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var table = [UInt32](repeating: 0, count: 256)
        for index in 0..<256 {
            var value = UInt32(index)
            for _ in 0..<8 { value = value & 1 != 0 ? 0xedb8_8320 ^ (value >> 1) : value >> 1 }
            table[index] = value
        }
        var sum = ~UInt32(0)
        for byte in bytes { sum = table[Int((sum ^ UInt32(byte)) & 0xff)] ^ (sum >> 8) }
        return ~sum
    }
}
