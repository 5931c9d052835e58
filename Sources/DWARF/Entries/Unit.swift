// SPDX-License-Identifier: Apache-2.0

/// One unit of debug information: its header, and what its first entry says about all the others.
struct Unit: Sendable {
    let encoding: UnitEncoding
    let abbreviationOffset: UInt64
    /// Where the first entry starts.
    let entriesStart: Int
    let end: Int
    /// The signature and the type's offset of a type unit.
    var typeSignature: (signature: UInt64, offset: UInt64)?

    var stringOffsetsBase: UInt64 = 8
    var addressBase: UInt64 = 8
    var rangeListsBase: UInt64 = 0
    var locationListsBase: UInt64 = 0
    var lineTableOffset: UInt64?
    /// The address that the unit's lists start from.
    var base = DWARFAddress(section: nil, value: 0)
    var name = ""
    var directory = ""
    var producer = ""
    var language: UInt64 = 0

    /// Reads the header at the cursor, which then stands at the first entry.
    init(_ cursor: inout Cursor) throws(DWARFError) {
        let start = cursor.offset
        let (offsetSize, end) = try cursor.enterUnit()
        self.end = end
        let version = try cursor.read(UInt16.self)
        guard (4...5).contains(version) else {
            throw DWARFError(
                .unsupported, "DWARF version \(version) is not supported, only 4 and 5", section: cursor.section.name,
                offset: start, hint: "compile with -gdwarf-5")
        }
        let addressSize: Int
        if version >= 5 {
            let kind = try cursor.read(UInt8.self)
            addressSize = Int(try cursor.read(UInt8.self))
            abbreviationOffset = try cursor.unsigned(size: offsetSize)
            switch kind {
            case 0x02, 0x06:
                let signature = try cursor.read(UInt64.self)
                typeSignature = (signature, UInt64(start) &+ (try cursor.unsigned(size: offsetSize)))
            case 0x04, 0x05: try cursor.skip(8)
            default: break
            }
        } else {
            abbreviationOffset = try cursor.unsigned(size: offsetSize)
            addressSize = Int(try cursor.read(UInt8.self))
        }
        guard addressSize == 8 || addressSize == 4 else {
            throw cursor.error(.unsupported, "a unit has addresses of \(addressSize) bytes", at: start)
        }
        encoding = UnitEncoding(version: version, addressSize: addressSize, offsetSize: offsetSize, start: start)
        entriesStart = cursor.offset
    }
}
