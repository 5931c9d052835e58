// SPDX-License-Identifier: Apache-2.0

import BTF
import Bytes
import Testing

@Suite("Types of several tables become one of each")
struct DeduplicationTests {
    private static let int = BTFType.integer(BTFInteger(name: "int", size: 4, encoding: .signed))

    private static func structure(_ name: String, size: UInt32 = 8, _ members: [(String, UInt32)]) -> BTFType {
        .structure(
            BTFComposite(
                name: name, size: size,
                members: members.enumerated().map { index, member in
                    BTFMember(name: member.0, type: BTFTypeID(member.1), bitOffset: UInt32(index) * 32)
                }))
    }

    private static func table(_ types: [BTFType], order: ByteOrder = .little) throws -> BTFTable {
        var builder = BTFBuilder(order: order)
        for type in types { builder.add(type) }
        return try BTFTable(OwnedBytes(try builder.encode()))
    }

    /// The types that are left of some tables, and the new ids of the old ones.
    private static func deduplicate(_ tables: [[BTFType]]) throws -> (types: [BTFType], ids: [UInt32]) {
        var deduplicator = try BTFDeduplicator(order: .little)
        for types in tables { try deduplicator.add(try table(types)) }
        let result = try deduplicator.deduplicate()
        let table = try BTFTable(OwnedBytes(result.bytes))
        return (try table.ownTypeIDs.map { try table.type($0) }, result.identifiers.map(\.rawValue))
    }

    @Test("Types that reach themselves are joined, with what refers to them")
    func cycles() throws {
        let list: [BTFType] = [
            Self.int, Self.structure("node", size: 16, [("value", 1), ("next", 3)]), .pointer(BTFTypeID(2)),
            .typedef(BTFNamedReference(name: "node_t", type: BTFTypeID(2))),
        ]
        let (types, ids) = try Self.deduplicate([list, list, list])
        #expect(types == list)
        #expect(ids == [1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4])
    }

    @Test("Two structures that refer to each other are joined with their equals")
    func mutualCycles() throws {
        let pair: [BTFType] = [
            Self.structure("left", [("right", 2)]), .pointer(BTFTypeID(3)), Self.structure("right", [("left", 4)]),
            .pointer(BTFTypeID(1)),
        ]
        // The same in another order.
        let other: [BTFType] = [
            .pointer(BTFTypeID(2)), Self.structure("right", [("left", 3)]), .pointer(BTFTypeID(4)),
            Self.structure("left", [("right", 1)]),
        ]
        let (types, ids) = try Self.deduplicate([pair, other])
        #expect(types == pair)
        #expect(ids == [1, 2, 3, 4, 2, 3, 4, 1])
    }

    @Test("Structures that differ far down stay apart")
    func different() throws {
        func chain(_ last: String) -> [BTFType] {
            [
                Self.int, Self.structure("outer", [("inner", 3)]), .pointer(BTFTypeID(4)),
                Self.structure("inner", [(last, 1)]),
            ]
        }
        let (types, _) = try Self.deduplicate([chain("one"), chain("two")])
        #expect(types.count == 7)
    }

    @Test("A declaration becomes the only type that it can mean")
    func forwards() throws {
        let declaring: [BTFType] = [
            .forward(BTFForward(name: "hidden")), .pointer(BTFTypeID(1)), Self.structure("user", [("link", 2)]),
        ]
        let defining: [BTFType] = [Self.int, Self.structure("hidden", [("value", 1)])]
        let (types, ids) = try Self.deduplicate([declaring, defining])
        #expect(types.count == 4)
        #expect(ids[0] == ids[4])
        #expect(!types.contains(.forward(BTFForward(name: "hidden"))))
        // With two definitions nobody can tell, and a union is none for a structure.
        let another: [BTFType] = [Self.int, Self.structure("hidden", [("other", 1)])]
        #expect(
            try Self.deduplicate([declaring, defining, another]).types.contains(.forward(BTFForward(name: "hidden"))))
        let union: [BTFType] = [.union(BTFComposite(name: "hidden", size: 4, members: []))]
        #expect(try Self.deduplicate([declaring, union]).types.contains(.forward(BTFForward(name: "hidden"))))
    }

    @Test("Structures that differ only by a declaration are one")
    func declaredWithin() throws {
        func user(_ hidden: [BTFType]) -> [BTFType] {
            [Self.structure("user", [("link", 2)]), .pointer(BTFTypeID(3))] + hidden
        }
        let full = user([Self.structure("hidden", [("value", 4)]), Self.int])
        let declared = user([.forward(BTFForward(name: "hidden"))])
        for tables in [[full, declared], [declared, full]] {
            let (types, _) = try Self.deduplicate(tables)
            #expect(types.count == 4)
        }
    }

    @Test("Flavours of one name stay apart")
    func flavours() throws {
        let plain: [BTFType] = [Self.int, Self.structure("task", [("pid", 1)])]
        let flavour: [BTFType] = [Self.int, Self.structure("task___old", [("pid", 1)])]
        #expect(try Self.deduplicate([plain, flavour]).types.count == 3)
    }

    @Test("A declared enumeration becomes the full one, in either order and width", arguments: [false, true])
    func enumerations(is64: Bool) throws {
        let full = BTFType.enumeration(
            BTFEnumeration(
                name: "state", size: is64 ? 8 : 4, is64: is64, values: [BTFEnumerator(name: "ON", value: 1)]))
        let declared = BTFType.enumeration(BTFEnumeration(name: "state", values: []))
        for tables in [[[full], [declared]], [[declared], [full]]] {
            let (types, ids) = try Self.deduplicate(tables)
            #expect(types == [full])
            #expect(ids == [1, 1])
        }
    }

    @Test("A damaged table that is refused leaves nothing behind")
    func refusedTable() throws {
        var deduplicator = try BTFDeduplicator(order: .little)
        let damaged = try Self.table([Self.int, .pointer(BTFTypeID(1)), .pointer(BTFTypeID(9))])
        let error = #expect(throws: BTFError.self) { try deduplicator.add(damaged) }
        #expect(error?.code == .unknownType)
        try deduplicator.add(try Self.table([Self.int, .pointer(BTFTypeID(1))]))
        #expect(try deduplicator.deduplicate().identifiers == [BTFTypeID(1), BTFTypeID(2)])
    }

    @Test("Functions are joined with their tags; variables are not")
    func functions() throws {
        let types: [BTFType] = [
            Self.int,
            .functionPrototype(
                BTFFunctionPrototype(result: BTFTypeID(1), parameters: [BTFParameter(name: "a", type: BTFTypeID(1))])),
            .function(BTFFunction(name: "work", prototype: BTFTypeID(2))),
            .declarationTag(BTFDeclarationTag(name: "note", type: BTFTypeID(3), componentIndex: 0)),
            .variable(BTFVariable(name: "state", type: BTFTypeID(1))),
        ]
        let (left, ids) = try Self.deduplicate([types, types])
        #expect(left == types + [types[4]])
        #expect(ids == [1, 2, 3, 4, 5, 1, 2, 3, 4, 6])
    }

    @Test("References in a circle are an error, and so are two byte orders")
    func refused() throws {
        #expect(throws: BTFError.self) {
            try Self.deduplicate([[.pointer(BTFTypeID(2)), .const(BTFTypeID(1))]])
        }
        #expect(throws: BTFError.self) { try Self.deduplicate([[.pointer(BTFTypeID(9))]]) }
        var deduplicator = try BTFDeduplicator(order: .little)
        #expect(throws: BTFError.self) { try deduplicator.add(try Self.table([Self.int], order: .big)) }
    }

    @Test("The kernel's types, written twice, are as many as once", .enabled(if: TableFixture.kernel != nil))
    func kernel() throws {
        let kernel = try #require(TableFixture.kernel)
        // A part, since a build for debugging is slow; what lies behind it is void.
        let limit: UInt32 = 8000
        var builder = BTFBuilder(order: kernel.order)
        var single = 0
        for id in kernel.ownTypeIDs.prefix(Int(limit)) {
            let kind = kernel.kind(id)
            if kind == .variable || kind == .dataSection { single += 1 }
            builder.add(try kernel.type(id).mappingReferences { $0.rawValue <= limit ? $0 : .void })
        }
        let part = try BTFTable(OwnedBytes(try builder.encode()))
        func count(_ times: Int) throws -> Int {
            var deduplicator = try BTFDeduplicator(order: part.order)
            for _ in 0..<times { try deduplicator.add(part) }
            return try BTFTable(OwnedBytes(try deduplicator.deduplicate().bytes)).typeCount
        }
        let once = try count(1)
        #expect(try count(2) == once + single)
    }
}
