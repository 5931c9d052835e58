// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A position in a debug section that moves forward; nothing is read past `end`.
struct Cursor {
    let section: DebugSection
    var offset: Int
    private(set) var end: Int

    /// - Parameter end: the offset to stop at; the section's end when it is `nil` or past it.
    init(_ section: DebugSection, at offset: Int, end: Int? = nil) {
        self.section = section
        self.offset = offset
        self.end = min(end ?? section.count, section.count)
    }

    var isAtEnd: Bool { offset >= end }
    var remaining: Int { max(0, end - offset) }

    func error(_ code: DWARFError.Code, _ message: String, at offset: Int? = nil) -> DWARFError {
        DWARFError(code, message, section: section.name, offset: offset ?? self.offset)
    }

    mutating func read<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type = T.self) throws(DWARFError) -> T {
        let bytes = section.bytes
        guard MemoryLayout<T>.size <= remaining,
            let value = bytes.span.integer(at: offset, as: T.self, order: section.order)
        else { throw error(.outOfBounds, "a value reaches past the end of what holds it") }
        offset += MemoryLayout<T>.size
        return value
    }

    /// The next byte, which stays the next one.
    func peek() throws(DWARFError) -> UInt8 {
        var copy = self
        return try copy.read()
    }

    /// An unsigned integer of 1 to 8 bytes.
    mutating func unsigned(size: Int) throws(DWARFError) -> UInt64 {
        switch size {
        case 1: return UInt64(try read(UInt8.self))
        case 2: return UInt64(try read(UInt16.self))
        case 4: return UInt64(try read(UInt32.self))
        case 8: return try read(UInt64.self)
        case 3:
            let first = UInt64(try read(UInt8.self))
            let second = UInt64(try read(UInt8.self))
            let third = UInt64(try read(UInt8.self))
            return section.order == .little
                ? first | second << 8 | third << 16
                : third | second << 8 | first << 16
        default: throw error(.malformed, "an integer of \(size) bytes")
        }
    }

    /// An unsigned LEB128 number; padding is allowed, bits past the 64th are not.
    mutating func unsignedLEB() throws(DWARFError) -> UInt64 {
        let start = offset
        var value: UInt64 = 0
        var shift = 0
        while true {
            let byte = try read(UInt8.self)
            let bits = UInt64(byte & 0x7f)
            if shift < 64 {
                if shift == 63, bits > 1 { throw error(.malformed, "a LEB128 number exceeds 64 bits", at: start) }
                value |= bits << UInt64(shift)
            } else if bits != 0 {
                throw error(.malformed, "a LEB128 number exceeds 64 bits", at: start)
            }
            if byte & 0x80 == 0 { return value }
            shift += 7
            if shift >= Self.longestLEB * 7 {
                throw error(.malformed, "a LEB128 number has more than \(Self.longestLEB) bytes", at: start)
            }
        }
    }

    /// A signed LEB128 number.
    mutating func signedLEB() throws(DWARFError) -> Int64 {
        let start = offset
        var value: UInt64 = 0
        var shift = 0
        while true {
            let byte = try read(UInt8.self)
            if shift < 64 { value |= UInt64(byte & 0x7f) << UInt64(shift) }
            shift += 7
            if byte & 0x80 == 0 {
                if shift < 64, byte & 0x40 != 0 { value |= ~0 << UInt64(shift) }
                return Int64(bitPattern: value)
            }
            if shift >= Self.longestLEB * 7 {
                throw error(.malformed, "a LEB128 number has more than \(Self.longestLEB) bytes", at: start)
            }
        }
    }

    /// Assemblers pad numbers, but never to more than this.
    private static let longestLEB = 16

    mutating func skip(_ count: UInt64) throws(DWARFError) {
        guard count <= UInt64(remaining) else {
            throw error(.outOfBounds, "a block of \(count) bytes reaches past the end of what holds it")
        }
        offset += Int(count)
    }

    /// Skips a NUL-terminated string and answers where it starts.
    mutating func skipString() throws(DWARFError) -> Int {
        let start = offset
        let bytes = section.bytes
        guard let length = bytes.span.cStringLength(at: offset), length < remaining else {
            throw error(.outOfBounds, "a string has no end")
        }
        offset += length + 1
        return start
    }

    mutating func string() throws(DWARFError) -> String {
        let start = try skipString()
        let bytes = section.bytes
        return bytes.span.string(at: start, count: offset - start - 1) ?? ""
    }

    /// An address with the section that a relocation put it in.
    mutating func address(size: Int) throws(DWARFError) -> DWARFAddress {
        let home = section.addressSection(at: offset)
        return DWARFAddress(section: home, value: try unsigned(size: size))
    }

    /// A unit's length, which also tells how wide its section offsets are; bounds the cursor's end by it.
    mutating func enterUnit() throws(DWARFError) -> (offsetSize: Int, end: Int) {
        let start = offset
        var length = UInt64(try read(UInt32.self))
        var offsetSize = 4
        if length == 0xffff_ffff {
            offsetSize = 8
            length = try read(UInt64.self)
        } else if length >= 0xffff_fff0 {
            throw error(.malformed, "a unit's length has the reserved value \(length)", at: start)
        }
        guard length <= UInt64(remaining) else {
            throw error(.outOfBounds, "a unit of \(length) bytes reaches past the section's end", at: start)
        }
        end = offset + Int(length)
        return (offsetSize, end)
    }
}
