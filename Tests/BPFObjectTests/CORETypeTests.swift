// SPDX-License-Identifier: Apache-2.0

import BPFInstruction
import BPFObject
import BTF
import Testing

@Suite("CO-RE types and enumerators")
struct CORETypeTests {
    @Test("Local and target ids, existence and size of a type")
    func types() throws {
        var local = TypeFixture()
        let int = local.int()
        let known = local.structure("known___v2", size: 4, [("a", int, 0)])
        let unknown = local.structure("unknown", size: 4, [("a", int, 0)])
        var target = TypeFixture()
        _ = target.int("padding", size: 8)
        let targetID = target.structure("known", size: 4096, [])
        let (localTable, targetTable) = (try local.table(), try target.table())
        func ask(_ kind: CORERelocationKind, _ type: BTFTypeID, _ held: Int32) throws -> Int32 {
            try relocate([Code.move(held)], kind, type, local: localTable, target: targetTable)
                .instructions[0].immediate
        }
        #expect(try ask(.typeIDLocal, known, 99) == Int32(known.rawValue))
        #expect(try ask(.typeIDTarget, known, 99) == Int32(targetID.rawValue))
        #expect(try ask(.typeExists, known, 1) == 1)
        #expect(try ask(.typeSize, known, 4) == 4096)
        #expect(try ask(.typeIDTarget, unknown, 99) == 0)
        #expect(try ask(.typeExists, unknown, 1) == 0)
        #expect(try ask(.typeSize, unknown, 4) == 0)
    }

    @Test("A type of another kind with the same name is no candidate")
    func kinds() throws {
        var local = TypeFixture()
        let type = local.structure("thing", size: 0, [])
        var target = TypeFixture()
        _ = target.union("thing", size: 0, [])
        target.builder.add(.typedef(BTFNamedReference(name: "thing", type: target.int())))
        let result = try relocate(
            [Code.move(1)], .typeExists, type, local: try local.table(), target: try target.table())
        #expect(result.instructions == [Code.move(0)])
    }

    @Test("Typedefs are looked up as typedefs and compared by what they stand for")
    func typedefs() throws {
        var local = TypeFixture()
        let proto = local.builder.add(
            .functionPrototype(
                BTFFunctionPrototype(result: .void, parameters: [BTFParameter(name: "", type: local.int())])))
        let good = local.builder.add(.typedef(BTFNamedReference(name: "callback", type: local.pointer(to: proto))))
        let bad = local.builder.add(.typedef(BTFNamedReference(name: "callback___two", type: proto)))
        var target = TypeFixture()
        let targetProto = target.builder.add(
            .functionPrototype(
                BTFFunctionPrototype(result: .void, parameters: [BTFParameter(name: "x", type: target.int())])))
        target.builder.add(.typedef(BTFNamedReference(name: "callback", type: target.pointer(to: targetProto))))
        let (localTable, targetTable) = (try local.table(), try target.table())
        func exists(_ type: BTFTypeID) throws -> [Instruction] {
            try relocate([Code.move(1)], .typeExists, type, local: localTable, target: targetTable).instructions
        }
        #expect(try exists(good) == [Code.move(1)])
        #expect(try exists(bad) == [Code.move(0)])
    }

    /// Whether the local type matches the type of that name in the target.
    private func matches(
        _ local: (inout TypeFixture) -> BTFTypeID, _ target: (inout TypeFixture) -> Void
    ) throws -> Bool {
        var (localTypes, targetTypes) = (TypeFixture(), TypeFixture())
        let type = local(&localTypes)
        target(&targetTypes)
        let result = try relocate(
            [Code.move(1)], .typeMatches, type, local: try localTypes.table(), target: try targetTypes.table())
        return result.instructions[0].immediate == 1
    }

    @Test("A type matches when all of its members are in the target with matching types")
    func typeMatches() throws {
        #expect(
            try matches({ $0.structure("s", size: 4, [("b", $0.int(), 0)]) }) {
                let int = $0.int()
                $0.structure("s", size: 8, [("a", int, 0), ("b", int, 4)])
            })
        #expect(
            try !matches({ $0.structure("s", size: 4, [("b", $0.int(), 0)]) }) {
                $0.structure("s", size: 8, [("b", $0.int(size: 8), 0)])
            })
        #expect(
            try !matches({ $0.structure("s", size: 4, [("b", $0.int(), 0)]) }) {
                $0.structure("s", size: 8, [("b", $0.unsigned(4), 0)])
            })
        #expect(
            try !matches({ $0.structure("s", size: 4, [("b", $0.int(), 0)]) }) { $0.structure("s", size: 0, []) })
    }

    @Test("Behind a pointer only name and kind count, and a forward declaration will do")
    func typeMatchesPointers() throws {
        func local(_ fixture: inout TypeFixture) -> BTFTypeID {
            let int = fixture.int()
            let inner = fixture.structure("inner", size: 4, [("only_here", int, 0)])
            return fixture.structure("s", size: 8, [("p", fixture.pointer(to: inner), 0)])
        }
        #expect(
            try matches(local) {
                let inner = $0.structure("inner", size: 0, [])
                $0.structure("s", size: 8, [("p", $0.pointer(to: inner), 0)])
            })
        for (isUnion, expected) in [(false, true), (true, false)] {
            let result = try matches(local) {
                let inner = $0.builder.add(.forward(BTFForward(name: "inner", isUnion: isUnion)))
                $0.structure("s", size: 8, [("p", $0.pointer(to: inner), 0)])
            }
            #expect(result == expected)
        }
        #expect(
            try !matches(local) {
                let inner = $0.structure("another", size: 0, [])
                $0.structure("s", size: 8, [("p", $0.pointer(to: inner), 0)])
            })
    }

    @Test("Enumerations match by names and size; 32-bit and 64-bit ones may match")
    func typeMatchesEnumerations() throws {
        #expect(
            try matches({ $0.enumeration("e", [("A", 1)]) }) { $0.enumeration("e", [("B", 0), ("A___x", 7)]) })
        #expect(try !matches({ $0.enumeration("e", [("C", 1)]) }) { $0.enumeration("e", [("A", 1)]) })
        #expect(
            try !matches({ $0.enumeration("e", [("A", 1)]) }) { $0.enumeration("e", [("A", 1)], is64: true) })
    }

    @Test("An enumerator's value, of 32 and 64 bits, and its existence")
    func enumerators() throws {
        var local = TypeFixture()
        let type = local.enumeration("e", [("OLD", 3), ("NEW___flavour", 4), ("GONE", 5)])
        var target = TypeFixture()
        target.enumeration("e___v2", [("NEW", -1), ("OLD", 0x1_2345_6789)], signed: true, is64: true)
        let (localTable, targetTable) = (try local.table(), try target.table())
        func value(_ index: Int, _ held: UInt64) throws -> (instructions: [Instruction], entry: COREReportEntry) {
            try relocate(
                Code.wide(held), .enumeratorValue, type, "\(index)", local: localTable, target: targetTable)
        }
        #expect(try value(0, 3).instructions == Code.wide(0x1_2345_6789))
        #expect(try value(0, 3).entry.accessor == "e::OLD")
        #expect(try value(1, 4).instructions == Code.wide(.max))
        #expect(try value(2, 5).instructions == [Code.poison, Code.poison])
        for (index, expected) in [(0, 1), (2, 0)] {
            let exists = try relocate(
                [Code.move(1)], .enumeratorExists, type, "\(index)", local: localTable, target: targetTable)
            #expect(exists.instructions == [Code.move(Int32(expected))])
        }
        #expect(relocationErrorCode { _ = try value(3, 0) } == .malformed)
    }

    @Test("An unsigned value with the top bit set stays unsigned; a negative one of an old compiler stays negative")
    func signs() throws {
        var types = TypeFixture()
        let type = types.enumeration("e", [("HIGH", 0xffff_fff0)])
        let table = try types.table()
        for held: UInt64 in [0xffff_fff0, 0xffff_ffff_ffff_fff0] {
            let result = try relocate(Code.wide(held), .enumeratorValue, type, "0", local: table, target: table)
            #expect(result.instructions == Code.wide(held))
        }
    }
}
