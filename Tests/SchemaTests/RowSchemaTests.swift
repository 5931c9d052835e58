// SPDX-License-Identifier: Apache-2.0

import BTF
import Bytes
import Schema
import Testing

@Suite("Rows from types")
struct RowSchemaTests {
    @Test("a structure of numbers and text reads by name")
    func numbersAndText() throws {
        let types = TypeFixture()
        let u32 = types.integer("unsigned int", 4)
        let int = types.integer("int", 4, signed: true)
        let comm = types.array(types.integer("char", 1, signed: true), 16)
        let schema = try types.schema(
            types.structure("event", 24, [("pid", u32, 0), ("ret", int, 4), ("comm", comm, 8)]))
        #expect(schema.typeName == "struct event")
        #expect(schema.columns.map(\.path) == ["pid", "ret", "comm"])
        #expect(schema.columns.map(\.typeName) == ["unsigned int", "int", "char[16]"])
        let record: [UInt8] = [1, 2, 0, 0, 0xfe, 0xff, 0xff, 0xff] + Array("bash\0junkjunkjun".utf8)
        #expect(schema.value(of: "pid", in: record) == .unsigned(513))
        #expect(schema.value(of: "ret", in: record) == .signed(-2))
        #expect(schema.value(of: "comm", in: record) == .text("bash"))
        #expect(schema.value(in: record)?["comm"] == .text("bash"))
    }

    @Test("a record that is cut short has missing values and never traps", arguments: [ByteOrder.little, .big])
    func shortRecords(order: ByteOrder) throws {
        let types = TypeFixture(order: order)
        let wide = types.integer("unsigned __int128", 16)
        let u64 = types.integer("unsigned long", 8)
        let char = types.integer("char", 1, signed: true)
        let inner = types.structure("inner", 16, [("a", u64, 0), ("b", types.array(u64, 1), 8)])
        let flags = types.enumeration("kind", [("ONE", 1), ("TWO", 2), ("FOUR", 4)])
        let schema = try types.schema(
            types.structure(
                "event", 100,
                [
                    ("wide", wide, 0), ("flags", flags, 16), ("items", types.array(inner, 3), 24),
                    ("name", types.array(char, 20), 72), ("yes", types.boolean(), 92),
                    ("rest", types.array(char, 0), 93),
                ]))
        for count in 0...120 {
            let record = [UInt8](repeating: 0x41, count: count)
            let value = schema.value(in: record)
            #expect(value?["wide"] != nil || count < 16)
            #expect((value?["yes"] == nil) == (count < 93))
        }
        #expect(schema.value(of: "rest", in: [UInt8](repeating: 0x41, count: 95)) == .text("AA"))
        #expect(schema.value(of: "name", in: [UInt8](repeating: 0x41, count: 74)) == .text("AA"))
    }

    /// `a`, `b`, `c` and `d` of each type are of the type before it, down to one without members.
    private static func nest(_ types: TypeFixture, isUnion: Bool) -> BTFTypeID {
        var type = types.structure("s0", 0, [])
        for level in 1..<31 {
            let members = ["a", "b", "c", "d"].map { ($0, type, UInt32(0)) }
            type = isUnion ? types.union("u\(level)", 0, members) : types.structure("s\(level)", 0, members)
        }
        return type
    }

    @Test("empty structures that nest into more members than a life is long are refused", arguments: [false, true])
    func endlessNesting(isUnion: Bool) throws {
        let types = TypeFixture()
        let type = Self.nest(types, isUnion: isUnion)
        let error = #expect(throws: SchemaError.self) { try types.schema(type) }
        #expect(error?.code == .tooComplex)
        let array = types.structure(
            "all", 8, [("count", types.integer("long", 8), 0), ("none", types.array(type, 2), 8)])
        #expect(throws: SchemaError.self) { try types.schema(array) }
    }

    @Test("a member that ends behind its structure is refused")
    func memberOutside() throws {
        let types = TypeFixture()
        let u64 = types.integer("unsigned long", 8)
        let char = types.integer("char", 1, signed: true)
        for (member, offset) in [(u64, 1), (types.array(char, 9), 0), (u64, .max / 8)] as [(BTFTypeID, UInt32)] {
            let members = [("a", member, offset)]
            let error = #expect(throws: SchemaError.self) { try types.schema(types.structure("event", 8, members)) }
            #expect(error?.code == .invalidType)
        }
        let wide = types.bits("bits", 4, [("a", types.integer("unsigned int", 4), 30, 3)])
        #expect(throws: SchemaError.self) { try types.schema(wide) }
        // A bit field of the old kind has an integer type of its own, of which only some bits lie inside.
        let bits = types.builder.add(.integer(BTFInteger(name: "bits", size: 4, bits: 3)))
        #expect(try types.schema(types.bits("old", 4, [("a", bits, 29, 0)])).columns.count == 1)
        // What a structure ends with may have any number of elements.
        #expect(
            try types.schema(types.structure("tail", 8, [("a", u64, 0), ("rest", types.array(char, 0), 8)]))
                .columns.count == 2)
    }

    @Test("a text ends at its own NUL or with its array, whatever follows")
    func textInside() throws {
        let types = TypeFixture()
        let char = types.integer("char", 1, signed: true)
        let schema = try types.schema(
            types.structure(
                "event", 4, [("a", types.array(char, 2), 0), ("b", types.array(types.array(char, 1), 2), 2)]))
        #expect(schema.value(of: "a", in: Array("xyz\0".utf8)) == .text("xy"))
        #expect(schema.value(of: "b", in: Array("xyz\0".utf8)) == .array([.text("z"), .text("")]))
    }

    @Test("nested and anonymous members become paths, and values nest again")
    func nesting() throws {
        let types = TypeFixture()
        let u32 = types.integer("unsigned int", 4)
        let u16 = types.integer("unsigned short", 2)
        let either = types.union("", 4, [("whole", u32, 0), ("half", u16, 0)])
        let task = types.structure("task", 8, [("pid", u32, 0), ("", either, 4)])
        let schema = try types.schema(types.structure("event", 12, [("a", u32, 0), ("task", task, 4)]))
        #expect(schema.columns.map(\.path) == ["a", "task.pid", "task.whole", "task.half"])
        #expect(schema.columns.map(\.offset) == [0, 4, 8, 8])
        let value = schema.value(in: [1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 1, 0])
        #expect(value?["task"]?["whole"] == .unsigned(0x10003))
        #expect(value?["task"]?["half"] == .unsigned(3))
    }

    @Test("bit fields read the bits that C compilers give them, in both byte orders")
    func bitFields() throws {
        // struct { unsigned a : 3; int b : 5; unsigned c : 12; } with a = 5, b = -2, c = 0xabc
        for (order, record) in [(ByteOrder.little, [UInt8(0xf5), 0xbc, 0x0a, 0]), (.big, [0xbe, 0xab, 0xc0, 0])] {
            let types = TypeFixture(order: order)
            let unsigned = types.integer("unsigned int", 4)
            let signed = types.integer("int", 4, signed: true)
            let schema = try types.schema(
                types.bits("event", 4, [("a", unsigned, 0, 3), ("b", signed, 3, 5), ("c", unsigned, 8, 12)]))
            #expect(schema.value(of: "a", in: record) == .unsigned(5))
            #expect(schema.value(of: "b", in: record) == .signed(-2))
            #expect(schema.value(of: "c", in: record) == .unsigned(0xabc))
            var written: [UInt8] = [0, 0, 0, 0]
            try schema.store("5", at: "a", into: &written)
            try schema.store("-2", at: "b", into: &written)
            try schema.store("0xabc", at: "c", into: &written)
            #expect(written == record)
            #expect(throws: SchemaError.self) { try schema.store("8", at: "a", into: &written) }
            #expect(throws: SchemaError.self) { try schema.store("16", at: "b", into: &written) }
        }
    }

    @Test("arrays of arrays, of text and of structures keep their shape")
    func arrays() throws {
        let types = TypeFixture()
        let u16 = types.integer("unsigned short", 2)
        let char = types.integer("char", 1, signed: true)
        let grid = types.array(types.array(u16, 2), 2)
        let words = types.array(types.array(char, 4), 2)
        let point = types.structure("point", 4, [("x", u16, 0), ("y", u16, 2)])
        let points = types.array(point, 1)
        let schema = try types.schema(
            types.structure("event", 20, [("grid", grid, 0), ("argv", words, 8), ("points", points, 16)]))
        #expect(schema.columns.map(\.typeName) == ["unsigned short[2][2]", "char[2][4]", "struct point[1]"])
        let record: [UInt8] = [1, 0, 2, 0, 3, 0, 4, 0] + Array("ls\0\0-l\0\0".utf8) + [5, 0, 6, 0]
        #expect(
            schema.value(of: "grid", in: record)
                == .array([.array([.unsigned(1), .unsigned(2)]), .array([.unsigned(3), .unsigned(4)])]))
        #expect(schema.value(of: "argv", in: record) == .array([.text("ls"), .text("-l")]))
        guard case .array(let values)? = schema.value(of: "points", in: record) else {
            Issue.record("no array")
            return
        }
        #expect(values[0]["y"] == .unsigned(6))
    }

    @Test("flexible arrays at the end take the rest of the record")
    func flexible() throws {
        let types = TypeFixture()
        let u32 = types.integer("unsigned int", 4)
        let schema = try types.schema(types.structure("event", 4, [("n", u32, 0), ("items", types.array(u32, 0), 4)]))
        #expect(
            schema.value(of: "items", in: [0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 9])
                == .array([.unsigned(1), .unsigned(2)]))
        #expect(schema.value(of: "items", in: [0, 0, 0, 0]) == .array([]))
    }

    @Test("enumerations, flags, booleans and floating point numbers")
    func scalars() throws {
        let types = TypeFixture()
        let kind = types.enumeration("kind", [("READ", 0), ("WRITE", 1), ("SYNC", 2)])
        let flags = types.enumeration("", [("F_A", 1), ("F_B", 2), ("F_C", 4)])
        let double = types.builder.add(.float(BTFFloat(name: "double", size: 8)))
        let schema = try types.schema(
            types.structure(
                "event", 24, [("kind", kind, 0), ("flags", flags, 4), ("ok", types.boolean(), 8), ("load", double, 16)])
        )
        let record: [UInt8] = [1, 0, 0, 0, 5, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xf8, 0x3f]
        #expect(schema.value(of: "kind", in: record) == .enumeration(name: "WRITE", raw: 1))
        #expect(schema.value(of: "flags", in: record) == .enumeration(name: "F_A|F_C", raw: 5))
        #expect(schema.value(of: "ok", in: record) == .boolean(true))
        #expect(schema.value(of: "load", in: record) == .float(1.5))
    }

    @Test("padding is there but hidden, and left out of values")
    func padding() throws {
        let types = TypeFixture()
        let u32 = types.integer("unsigned int", 4)
        let schema = try types.schema(types.structure("event", 8, [("pid", u32, 0), ("__pad", u32, 4)]))
        #expect(schema.columns.map(\.isHidden) == [false, true])
        #expect(schema.value(in: [1, 0, 0, 0, 2, 0, 0, 0])?["__pad"] == nil)
    }

    @Test("types in cycles, too deep or too wide are refused")
    func hostileTypes() throws {
        let types = TypeFixture()
        let u8 = types.integer("unsigned char", 1)
        var nested = u8
        for depth in 0..<40 { nested = types.structure("s\(depth)", 1, [("m", nested, 0)]) }
        #expect(throws: SchemaError.self) { try types.schema(nested) }
        let wide = types.structure("wide", 1, (0..<5000).map { ("m\($0)", u8, 0) })
        #expect(throws: SchemaError.self) { try types.schema(wide) }
        var arrays = u8
        for _ in 0..<10 { arrays = types.array(arrays, 0xffff_ffff) }
        #expect(throws: SchemaError.self) { try types.schema(types.structure("huge", 8, [("m", arrays, 0)])) }
        #expect(throws: SchemaError.self) { try types.schema(types.array(types.array(u8, 0x7fff_ffff), 0xffff_ffff)) }
        #expect(throws: SchemaError.self) { try types.schema(types.array(u8, 0xffff_ffff)) }
        let empty = types.structure("empty", 0, [])
        let many = types.structure("many", 8, [("m", types.array(empty, 0xffff_ffff), 0)])
        #expect(try types.schema(many).value(in: [0, 0, 0, 0, 0, 0, 0, 0]) != nil)
    }

    @Test("a misspelt column gets a suggestion")
    func suggestions() throws {
        let types = TypeFixture()
        let u32 = types.integer("unsigned int", 4)
        let schema = try types.schema(types.structure("event", 8, [("pid", u32, 0), ("latency", u32, 4)]))
        let error = #expect(throws: SchemaError.self) { try schema.index(of: "latncy") }
        #expect(error?.hint == "did you mean 'latency'?")
    }

    @Test("a structure of one field behind a typedef is still a structure")
    func typedefOfStructure() throws {
        let types = TypeFixture()
        let u32 = types.integer("unsigned int", 4)
        let schema = try types.schema(types.typedef("key_t", types.structure("", 4, [("key", u32, 0)])))
        #expect(schema.typeName == "key_t")
        #expect(schema.isComposite)
        #expect(schema.value(in: [7, 0, 0, 0])?["key"] == .unsigned(7))
        #expect(try schema.bytes(from: "key=7") == [7, 0, 0, 0])
        #expect(RowSchema(key: schema, value: RowSchema(opaque: 4)).columns.map(\.path) == ["key.key", "value"])
    }

    @Test("a map's key and value make one row")
    func mapEntries() throws {
        let types = TypeFixture()
        let u32 = types.integer("unsigned int", 4)
        let u64 = types.integer("unsigned long", 8)
        let value = types.structure("stats", 16, [("count", u64, 0), ("bytes", u64, 8)])
        let joined = RowSchema(key: try types.schema(u32, name: "key"), value: try types.schema(value))
        #expect(joined.columns.map(\.path) == ["key", "value.count", "value.bytes"])
        #expect(joined.columns.map(\.offset) == [0, 4, 12])
    }
}
