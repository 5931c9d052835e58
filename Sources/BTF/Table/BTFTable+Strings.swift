// SPDX-License-Identifier: Apache-2.0

import Bytes
import Diagnostics

extension BTFTable {
    /// Reads the string at an offset, which counts from the start of the base's strings.
    ///
    /// - Throws: ``BTFError/Code/unknownString`` when it is past the end.
    public func string(at offset: UInt32) throws(BTFError) -> String {
        var unlimited = Int.max
        return try string(at: offset, budget: &unlimited)
    }

    /// Reads a string and takes its bytes from those that may be copied.
    ///
    /// - Throws: ``BTFError/Code/tooLarge`` when the string is longer than what is left.
    func string(at offset: UInt32, budget: inout Int) throws(BTFError) -> String {
        guard offset != 0 else { return "" }
        var table = self
        while let base = table.base, offset < base.stringLength { table = base }
        let start = Int(offset) - (table.base?.stringLength ?? 0)
        // The last byte of the section is a NUL (checked when opened), so a string that starts inside also ends inside.
        let bytes = table.bytes
        guard start < table.header.strings.count,
            let length = bytes.span.cStringLength(at: table.header.strings.lowerBound + start)
        else {
            throw BTFError(
                .unknownString, "there is no string at this offset",
                context: [DiagnosticContext("offset", offset), DiagnosticContext("string bytes", stringLength)])
        }
        guard length <= budget else { throw .namesTooLong }
        budget -= length
        return bytes.span.string(at: table.header.strings.lowerBound + start, count: length) ?? ""
    }

    /// How many bytes of names a copy of all types may have: real tables have fewer than the table has bytes.
    public var nameBudget: Int {
        (base?.nameBudget ?? 1 << 20) + 8 * header.strings.count + 4 * header.types.count
    }

    /// The name of a type, read without decoding the rest; empty for `void`, anonymous types and kinds without names.
    ///
    /// - Throws: ``BTFError`` when the id or the offset of its name is past the end.
    public func name(_ id: BTFTypeID) throws(BTFError) -> String {
        var unlimited = Int.max
        return try name(id, budget: &unlimited)
    }

    func name(_ id: BTFTypeID, budget: inout Int) throws(BTFError) -> String {
        if id == .void { return "" }
        guard let owner = owner(of: id),
            let offset = owner.word(at: owner.byteOffset(ofOwn: id))
        else { throw .unknownType(id, count: typeCount) }
        return try owner.string(at: offset, budget: &budget)
    }
}
