// SPDX-License-Identifier: Apache-2.0

import BTF
import Bytes
import Testing

@Suite("Damaged type information")
struct HostileTests {
    /// Asks everything of a table; errors are fine, traps and endless loops are not.
    private func exercise(_ bytes: [UInt8], base: BTFTable? = nil) {
        guard let table = try? BTFTable(OwnedBytes(bytes), base: base) else { return }
        for raw in 0..<UInt32(min(table.typeCount + 2, 200)) {
            let id = BTFTypeID(raw)
            _ = try? table.type(id)
            _ = try? table.name(id)
            _ = try? table.size(of: id)
            _ = try? table.resolve(id)
            _ = table.kind(id)
        }
        for _ in 0..<8 { _ = table.ids(essentiallyNamed: "node") }
        _ = table.pointerSize
        try? BTFHeaderPrinter(table).print { _ in }
        try? BTFListPrinter(table).print { _ in }
        _ = try? BTFBuilder(copying: table).encode()
    }

    @Test("Cut off at every byte", arguments: [ByteOrder.little, .big])
    func truncated(order: ByteOrder) throws {
        let bytes = try TableFixture.bytes(TableFixture.everyKind, order: order)
        for count in bytes.indices {
            #expect(throws: BTFError.self) { try BTFTable(OwnedBytes(Array(bytes[..<count]))) }
        }
    }

    @Test("Every byte replaced by others")
    func replaced() throws {
        let bytes = try TableFixture.bytes(TableFixture.everyKind)
        for index in bytes.indices {
            for value: UInt8 in [0, 0x80, bytes[index] &+ 1] {
                var damaged = bytes
                damaged[index] = value
                exercise(damaged)
            }
        }
    }

    @Test("Random bytes in random places, on a table of its own and on one with a base")
    func random() throws {
        let base = try TableFixture.table(TableFixture.everyKind)
        let bytes = try TableFixture.bytes(TableFixture.everyKind, base: base)
        var state: UInt64 = 42
        func next(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        for _ in 0..<500 {
            var damaged = bytes
            for _ in 0...next(6) { damaged[next(damaged.count)] = UInt8(truncatingIfNeeded: next(256)) }
            exercise(damaged, base: base)
        }
    }

    @Test("Cycles of typedefs, arrays, pointers and structures end in an error, not in a loop")
    func cycles() throws {
        let one = BTFTypeID(1)
        let cycles: [[BTFType]] = [
            [.typedef(BTFNamedReference(name: "t", type: one))],
            [.const(BTFTypeID(2)), .volatile(one)],
            [.array(BTFArray(element: one, index: one, count: 2))],
            [.pointer(one), .typedef(BTFNamedReference(name: "p", type: one))],
            [
                .structure(
                    BTFComposite(name: "s", size: 8, members: [BTFMember(name: "s", type: one, bitOffset: 0)]))
            ],
            [
                .structure(BTFComposite(name: "", size: 8, members: [BTFMember(name: "", type: one, bitOffset: 0)])),
                .typedef(BTFNamedReference(name: "t", type: one)),
            ],
            [
                .functionPrototype(
                    BTFFunctionPrototype(result: one, parameters: [BTFParameter(name: "f", type: one)])),
                .typedef(BTFNamedReference(name: "f", type: one)),
            ],
        ]
        for types in cycles { exercise(try TableFixture.bytes(types)) }
        let table = try TableFixture.table(cycles[0])
        #expect(errorCode { _ = try table.resolve(one) } == .tooDeep)
        #expect(errorCode { _ = try table.size(of: one) } == .tooDeep)
    }

    @Test("Long chains of types end in an error before the stack does")
    func chains() throws {
        var pointers: [BTFType] = [.integer(BTFInteger(name: "int", size: 4))]
        var nested = pointers
        for index in 1..<20_000 {
            let previous = BTFTypeID(UInt32(index))
            pointers.append(.pointer(previous))
            nested.append(
                .structure(
                    BTFComposite(
                        name: "s\(index)", size: 4, members: [BTFMember(name: "m", type: previous, bitOffset: 0)])))
        }
        pointers.append(.typedef(BTFNamedReference(name: "t", type: BTFTypeID(20_000))))
        nested.append(.typedef(BTFNamedReference(name: "t", type: BTFTypeID(20_000))))
        for types in [pointers, nested] {
            let table = try TableFixture.table(types)
            _ = try? BTFHeaderPrinter(table).print([BTFTypeID(20_001)]) { _ in }
        }
    }

    @Test("Types that are used in each other twice a level do not become a text without end")
    func endlessText() throws {
        var nested: [BTFType] = [.integer(BTFInteger(name: "int", size: 4))]
        var functions = nested
        for index in 1..<60 {
            let previous = BTFTypeID(UInt32(index))
            nested.append(
                .structure(
                    BTFComposite(
                        name: "", size: 0,
                        members: ["x", "y"].map { BTFMember(name: $0, type: previous, bitOffset: 0) })))
        }
        for index in stride(from: UInt32(1), to: 100, by: 2) {
            functions.append(.pointer(BTFTypeID(index)))
            let parameter = BTFParameter(name: "", type: BTFTypeID(index + 1))
            functions.append(
                .functionPrototype(BTFFunctionPrototype(result: .void, parameters: [parameter, parameter])))
        }
        for types in [nested, functions] {
            let last = BTFTypeID(UInt32(types.count))
            let table = try TableFixture.table(types + [.typedef(BTFNamedReference(name: "all", type: last))])
            #expect(errorCode { try BTFHeaderPrinter(table).print { _ in } } == .tooLarge)
        }
    }

    @Test("Counts, offsets and sizes at the limits")
    func limits() throws {
        let int = BTFType.integer(BTFInteger(name: "int", size: .max))
        let member = BTFMember(name: "m", type: BTFTypeID(2), bitOffset: .max)
        exercise(
            try TableFixture.bytes([
                int, .array(BTFArray(element: BTFTypeID(1), index: BTFTypeID(1), count: .max)),
                .structure(BTFComposite(name: "s", size: .max, members: [member, member])),
                .union(BTFComposite(name: "u", size: .max, members: [])),
                .array(BTFArray(element: BTFTypeID(3), index: BTFTypeID(1), count: .max)),
                .array(BTFArray(element: BTFTypeID(5), index: BTFTypeID(1), count: .max)),
            ]))
        var bytes = try TableFixture.bytes([int])
        bytes.store(UInt32(0x0400_ffff), at: 28, order: .little)
        #expect(errorCode { _ = try BTFTable(OwnedBytes(bytes)) } == .malformed)
        bytes.store(UInt32(0x1400_0000), at: 28, order: .little)
        #expect(errorCode { _ = try BTFTable(OwnedBytes(bytes)) } == .unsupported)
    }

    @Test("Strings without an end, another magic number and another version are refused")
    func header() throws {
        let bytes = try TableFixture.bytes([.integer(BTFInteger(name: "int", size: 4))])
        func code(_ change: (inout [UInt8]) -> Void) -> BTFError.Code? {
            var changed = bytes
            change(&changed)
            return errorCode { _ = try BTFTable(OwnedBytes(changed)) }
        }
        #expect(code { $0[$0.count - 1] = 65 } == .malformed)
        #expect(code { $0[40] = 65 } == .malformed)
        #expect(code { $0[0] = 0 } == .malformed)
        #expect(code { $0[2] = 2 } == .unsupported)
        #expect(code { $0[4] = 20 } == .malformed)
        #expect(code { $0[8] = 1 } == .malformed)
        #expect(code { $0.store(UInt32.max, at: 12, order: .little) } == .malformed)
        #expect(code { $0.store(UInt32.max, at: 16, order: .little) } == .malformed)
        #expect(code { $0.store(UInt32(0), at: 20, order: .little) } == .malformed)
        #expect(errorCode { _ = try BTFTable(OwnedBytes([])) } == .malformed)
    }

    @Test("Names that are no identifiers do not become code in a header or escape codes in a list")
    func names() throws {
        let table = try TableFixture.table([
            .integer(BTFInteger(name: "int", size: 4)),
            .structure(
                BTFComposite(
                    name: "a; } evil();", size: 4,
                    members: [BTFMember(name: "int", type: BTFTypeID(1), bitOffset: 0)])),
            .typedef(BTFNamedReference(name: "1\u{1b}[2J", type: BTFTypeID(2))),
            .typeTag(BTFTypeTag(name: "x)) int y; /*", type: BTFTypeID(1), isAttribute: true)),
            .typedef(BTFNamedReference(name: "tagged", type: BTFTypeID(4))),
        ])
        var header = ""
        try BTFHeaderPrinter(table).print { header += $0 }
        #expect(header.contains("struct _a____evil___ {\n\tint int_;\n};"))
        #expect(!header.contains("evil();"))
        #expect(header.contains("typedef int tagged;"))
        var list = ""
        try BTFListPrinter(table).print { list += $0 }
        #expect(!list.contains("\u{1b}"))
    }
}
