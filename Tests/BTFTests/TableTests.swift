// SPDX-License-Identifier: Apache-2.0

import BTF
import Bytes
import Testing

@Suite("Reading and writing type information")
struct TableTests {
    @Test("What was written is read back, in both byte orders", arguments: [ByteOrder.little, .big])
    func roundTrip(order: ByteOrder) throws {
        let table = try TableFixture.table(TableFixture.everyKind, order: order)
        #expect(table.order == order)
        #expect(table.typeCount == TableFixture.everyKind.count + 1)
        for (index, type) in TableFixture.everyKind.enumerated() {
            let id = BTFTypeID(UInt32(index + 1))
            #expect(try table.type(id) == type)
            #expect(table.kind(id) == type.kind)
            #expect(try table.name(id) == type.name)
        }
        #expect(try table.type(.void) == .void)
        #expect(table.kind(.void) == nil)
        #expect(try BTFBuilder(copying: table).encode() == table.bytes.array)
    }

    @Test("Sizes go through typedefs, qualifiers, arrays and variables")
    func sizes() throws {
        let table = try TableFixture.table(TableFixture.everyKind)
        let sizes: [UInt32: Int] = [0: 0, 1: 4, 2: 8, 3: 28, 4: 48, 9: 48, 11: 48, 15: 4, 16: 8, 17: 8, 20: 4, 22: 8]
        for (id, size) in sizes { #expect(try table.size(of: BTFTypeID(id)) == size, "type \(id)") }
        #expect(try table.resolve(BTFTypeID(11)) == BTFTypeID(4))
        #expect(errorCode { _ = try table.size(of: BTFTypeID(14)) } == .wrongKind)
        #expect(errorCode { _ = try table.size(of: BTFTypeID(7)) } == .wrongKind)
    }

    @Test("A table whose long has 4 bytes has pointers of 4 bytes")
    func pointerSize() throws {
        let table = try TableFixture.table([
            .integer(BTFInteger(name: "long int", size: 4, encoding: .signed)), .pointer(.void),
        ])
        #expect(try table.size(of: BTFTypeID(2)) == 4)
    }

    @Test("A split table continues the ids and strings of its base")
    func split() throws {
        let base = try TableFixture.table(TableFixture.everyKind)
        let split = try TableFixture.table(
            [
                .structure(
                    BTFComposite(
                        name: "node", size: 8, members: [BTFMember(name: "n", type: BTFTypeID(4), bitOffset: 0)])),
                .typedef(BTFNamedReference(name: "module_t", type: BTFTypeID(23))),
            ], base: base)
        #expect(split.firstTypeID == BTFTypeID(23))
        #expect(split.typeCount == 25)
        #expect(try split.type(BTFTypeID(4)) == TableFixture.everyKind[3])
        #expect(try split.size(of: BTFTypeID(24)) == 8)
        #expect(split.ids(named: "node") == [BTFTypeID(4), BTFTypeID(23)])
        #expect(split.firstID(named: "module_t") == BTFTypeID(24))
        #expect(base.firstID(named: "module_t") == nil)
    }

    @Test("A longer header is accepted, and sizes it gives let unknown kinds be passed over")
    func longHeader() throws {
        let plain = try TableFixture.bytes([.integer(BTFInteger(name: "int", size: 4))])
        // 32 bytes of header; a layout section behind the strings; one type of kind 25 with two elements of 4 bytes.
        var types = Array(plain[24..<40])
        types.append(UInt32(0), order: .little)
        types.append(UInt32(25 << 24 | 2), order: .little)
        for word: UInt32 in [0, 7, 8] { types.append(word, order: .little) }
        types += Array(plain[24..<40])
        let strings = Array(plain[40...])
        var layout: [UInt8] = []
        for kind in 0..<26 { layout += kind == 25 ? [0, 4, 0, 0] : [0, 0, 0, 0] }
        var bytes: [UInt8] = [0x9f, 0xeb, 1, 0]
        let lengths = [32, 0, types.count, types.count, strings.count, types.count + strings.count, layout.count]
        for word in lengths { bytes.append(UInt32(word), order: .little) }
        bytes += types + strings + layout
        let table = try BTFTable(OwnedBytes(bytes))
        #expect(table.typeCount == 4)
        #expect(table.kind(BTFTypeID(2)) == nil)
        #expect(errorCode { _ = try table.type(BTFTypeID(2)) } == .unsupported)
        #expect(try table.name(BTFTypeID(3)) == "int")
    }

    @Test("Types can be replaced, and strings added for line information")
    func building() throws {
        var builder = BTFBuilder(order: .little)
        let id = builder.add(.integer(BTFInteger(name: "int", size: 4)))
        let offset = try builder.addString("return 0;")
        #expect(try builder.addString("return 0;") == offset)
        builder[id] = .integer(BTFInteger(name: "long", size: 8))
        let table = try BTFTable(OwnedBytes(try builder.encode()))
        #expect(try table.name(id) == "long")
        #expect(try table.string(at: offset) == "return 0;")
        #expect(errorCode { _ = try table.string(at: 5000) } == .unknownString)
    }

    @Test("What does not fit the format is refused when it is written")
    func refusals() throws {
        func code(_ type: BTFType) -> BTFError.Code? { errorCode { _ = try TableFixture.bytes([type]) } }
        let member = BTFMember(name: "m", type: .void, bitOffset: 1 << 25)
        let bitfield = BTFMember(name: "b", type: .void, bitOffset: 0, bitfieldSize: 1)
        #expect(code(.structure(BTFComposite(name: "s", size: 0, members: [member, bitfield]))) == .tooLarge)
        #expect(code(.structure(BTFComposite(name: "s", size: 0, members: [member]))) == nil)
        let many = Array(repeating: BTFParameter(name: "", type: .void), count: 70_000)
        #expect(code(.functionPrototype(BTFFunctionPrototype(result: .void, parameters: many))) == .tooLarge)
        let large = BTFEnumerator(name: "A", value: 1 << 40)
        #expect(code(.enumeration(BTFEnumeration(name: "e", values: [large]))) == .tooLarge)
        #expect(code(.void) == .wrongKind)
    }
}
