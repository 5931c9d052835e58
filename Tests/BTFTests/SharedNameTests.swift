// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

@testable import BTF

@Suite("Types made to cost far more than they are large")
struct SharedNameTests {
    /// Declarations whose names start one byte after the other in one string.
    private static func shared(_ count: Int, name: String) throws -> [UInt8] {
        let forward = BTFType.forward(BTFForward(name: name))
        var bytes = try TableFixture.bytes([BTFType](repeating: forward, count: count))
        for index in 0..<count { bytes.store(UInt32(index + 1), at: 24 + 12 * index, order: .little) }
        return bytes
    }

    @Test("Names that share the bytes of one string are not copied without end")
    func sharedNames() throws {
        let table = try BTFTable(OwnedBytes(Self.shared(1000, name: String(repeating: "a", count: 20_000))))
        #expect(errorCode { _ = try BTFBuilder(copying: table) } == .tooLarge)
        #expect(
            errorCode { try BTFHeaderPrinter(table).print(Array(table.ownTypeIDs)) { _ in } } == .tooLarge)
        #expect(
            errorCode {
                var deduplicator = try BTFDeduplicator(order: .little)
                try deduplicator.add(table)
            } == .tooLarge)
        // One type alone can have as many names.
        let member = BTFMember(name: "m", type: BTFTypeID(1), bitOffset: 0)
        var bytes = try TableFixture.bytes([
            .structure(BTFComposite(name: "s", size: 0, members: [BTFMember](repeating: member, count: 1000))),
            .forward(BTFForward(name: String(repeating: "a", count: 100_000))),
        ])
        for index in 0..<1000 { bytes.store(UInt32(10), at: 24 + 12 + 12 * index, order: .little) }
        let wide = try BTFTable(OwnedBytes(bytes))
        #expect(errorCode { _ = try wide.type(BTFTypeID(1)) } == .tooLarge)
        #expect(try wide.type(BTFTypeID(2)).name.utf8.count == 100_000)
    }

    @Test("A table in which all types have one name is indexed, and they are found in order")
    func oneName() throws {
        let index = NameIndex(capacity: 100_000) { add in
            for id in 1...100_000 as ClosedRange<UInt32> { add(id == 77 ? 8 : 7, id) }
        }
        var found: [UInt32] = []
        index.forEach(hash: 7) {
            found.append($0.rawValue)
            return true
        }
        #expect(found.count == 99_999 && found == found.sorted() && !found.contains(77))
        found = []
        index.forEach(hash: 8) {
            found.append($0.rawValue)
            return false
        }
        #expect(found == [77])
    }

    @Test("An endless name with a separator at every letter does not hide the flavours of others")
    func endlessFlavours() throws {
        let endless = "x" + String(repeating: "___a", count: 50_000)
        let table = try TableFixture.table(
            ["a", "a___b", endless, "a____b", "a___b___c"].map { .forward(BTFForward(name: $0)) })
        for round in 0..<10 {
            #expect(table.ids(essentiallyNamed: "a").map(\.rawValue) == [1, 2], "round \(round)")
            #expect(table.ids(named: "a").map(\.rawValue) == [1])
        }
        #expect(EssentialName.of(endless).utf8.count == endless.utf8.count)
    }

    @Test("Comparing types costs what their parts and the lists of candidates cost")
    func comparisons() throws {
        let members = (0..<100).map { BTFMember(name: "m\($0)", type: .void, bitOffset: 0) }
        let composite = BTFType.structure(BTFComposite(name: "s", size: 0, members: members))
        let parameters = (0..<100).map { _ in BTFParameter(name: "p", type: .void) }
        let prototype = BTFType.functionPrototype(BTFFunctionPrototype(result: .void, parameters: parameters))
        var graph = try TypeGraph(order: .little, base: nil)
        try graph.append(try TableFixture.table([composite, composite, prototype, prototype]))
        var pass = DeduplicationPass(graph)
        for (cost, compare) in [
            (100, { (pass: inout DeduplicationPass) throws in _ = try pass.shapesAgree(1, 2) }),
            (100, { (pass: inout DeduplicationPass) throws in _ = try pass.prototypesAgree(3, 4) }),
            (303, { (pass: inout DeduplicationPass) throws in _ = try pass.isEqual(1, 2) }),
        ] {
            pass.work = cost + 1
            try compare(&pass)
            #expect(errorCode { try compare(&pass) } == .tooDeep)
        }
        // Other hashes in the same slot are walked through, too.
        let other = UInt32(pass.heads.count)
        for id in 1...4 as ClosedRange<UInt32> { pass.insert(id, 5) }
        pass.work = 4
        #expect(errorCode { _ = try pass.firstCandidate(5 + other) } == .tooDeep)
        pass.work = 5
        #expect(try pass.firstCandidate(5 + other) == nil)
    }

    @Test("Names that are equal for people but not in bytes stay two")
    func canonicalNames() throws {
        let names = ["caf\u{e9}", "cafe\u{301}"]
        let table = try TableFixture.table(names.map { .forward(BTFForward(name: $0)) })
        for (index, name) in names.enumerated() {
            let found = try table.type(BTFTypeID(UInt32(index + 1))).name
            #expect(found.utf8.elementsEqual(name.utf8))
        }
        // Copied, they still are.
        let copy = try BTFTable(OwnedBytes(try BTFBuilder(copying: table).encode()))
        #expect(copy.bytes.array == table.bytes.array)
    }
}
