// SPDX-License-Identifier: Apache-2.0

import BTF
import Bytes
import Testing

@Suite("Looking up names")
struct NameTests {
    private static func types() -> [BTFType] {
        var types: [BTFType] = []
        for number in 0..<500 {
            types.append(.integer(BTFInteger(name: "some_type_\(number)", size: 4)))
            types.append(.structure(BTFComposite(name: "thing", size: 0, members: [])))
            types.append(.typedef(BTFNamedReference(name: "thing___v\(number)", type: .void)))
        }
        types.append(.structure(BTFComposite(name: "___x", size: 0, members: [])))
        return types
    }

    @Test("The first look-ups and those after an index was made find the same", arguments: [ByteOrder.little, .big])
    func scanAndIndex(order: ByteOrder) throws {
        let types = Self.types()
        let bytes = OwnedBytes(try TableFixture.bytes(types, order: order))
        func expected(_ isMatch: (BTFType) -> Bool) -> [BTFTypeID] {
            types.indices.filter { isMatch(types[$0]) }.map { BTFTypeID(UInt32($0 + 1)) }
        }
        let table = try BTFTable(bytes)
        for round in 0..<12 {
            #expect(table.ids(named: "thing") == expected { $0.name == "thing" }, "round \(round)")
            #expect(table.ids(named: "some_type_77") == expected { $0.name == "some_type_77" })
            #expect(table.ids(named: "thing", kind: .typedef) == [])
            #expect(table.firstID(named: "thing", kind: .structure) == BTFTypeID(2))
            #expect(table.ids(essentiallyNamed: "thing") == expected { $0.name.hasPrefix("thing") })
            #expect(table.ids(named: "thing___v3") == expected { $0.name == "thing___v3" })
            #expect(table.ids(named: "___x") == [BTFTypeID(UInt32(types.count))])
            for missing in ["", "ype_77", "some_type_7777", "thin", "thing___", "x\0y"] {
                #expect(table.ids(named: missing).isEmpty, "\(missing)")
            }
        }
        let fresh = try BTFTable(bytes)
        #expect(fresh.ids(essentiallyNamed: "thing", kind: .structure).count == 500)
    }

    @Test("A name may be the end of a longer string")
    func sharedEnds() throws {
        // Two integers; the name of the second starts inside that of the first.
        var bytes = try TableFixture.bytes([
            .integer(BTFInteger(name: "long_name", size: 4)), .integer(BTFInteger(name: "long_name", size: 4)),
        ])
        bytes.store(UInt32(6), at: 24 + 16, order: .little)
        for lookups in 0..<10 {
            let table = try BTFTable(OwnedBytes(bytes))
            for _ in 0..<lookups { _ = table.ids(named: "other") }
            #expect(table.ids(named: "name") == [BTFTypeID(2)])
            #expect(table.ids(named: "long_name") == [BTFTypeID(1)])
        }
    }

    @Test("Essential names end before the last separator of exactly three underscores")
    func essentialNames() {
        let names = [
            "task_struct": "task_struct", "task_struct___old": "task_struct", "a___b___c": "a___b", "a____b": "a____b",
            "a___": "a___", "___a": "___a", "a__b": "a__b", "": "", "a___b": "a", "a___b____c": "a",
        ]
        for (name, essential) in names { #expect(EssentialName.of(name) == essential, "\(name)") }
    }

    @Test("Many tasks can look up names in one table")
    func concurrency() async throws {
        let table = try TableFixture.table(Self.types())
        await withTaskGroup(of: Bool.self) { group in
            for number in 0..<200 {
                group.addTask {
                    table.firstID(named: "some_type_\(number)") == BTFTypeID(UInt32(number * 3 + 1))
                        && table.ids(essentiallyNamed: "thing").count == 1000
                }
            }
            for await result in group { #expect(result) }
        }
    }
}
