// SPDX-License-Identifier: Apache-2.0

import DWARF
import ELF
import TestSupport
import Testing

@Suite("Types", .enabled(if: CompiledC.isPossible, "needs clang"))
struct TypeTests {
    @Test(
        "describes a structure with bit fields, anonymous members, arrays and function pointers",
        arguments: ["bpfel", "bpfeb"], [4, 5])
    func structure(target: String, version: Int) throws {
        let information = try DWARFInformation(TestProgram.file(target, version: version))
        #expect(information.units.map(\.version) == [version])
        let id = try #require(try information.structure(named: "event"))
        #expect(try information.structure(named: "struct event") == id)
        guard case .structure(let event) = try information.type(id) else {
            Issue.record("event is no structure")
            return
        }
        #expect(event.name == "event" && event.size == 104 && !event.isDeclaration)
        #expect(
            event.members.map(\.name) == [
                "pid", "flag", "rest", "kind", "", "name", "grid", "next", "unknown", "call", "big", "ok", "ratio",
                "tail",
            ])
        let places = event.members.prefix(4).map { [$0.bitOffset, $0.bitSize ?? 0] }
        #expect(places == [[0, 0], [32, 3], [35, 29], [64, 0]])
        #expect(event.members.first { $0.name == "name" }?.bitOffset == 24 * 8)
        func member(_ name: String) throws -> DWARFTypeID {
            try #require(event.members.first { $0.name == name }).type
        }
        guard case .typedef("__u32", let word) = try information.type(try member("pid")),
            case .base(let base) = try information.type(word)
        else {
            Issue.record("pid is no __u32")
            return
        }
        #expect(base.name == "unsigned int" && base.size == 4 && base.encoding == .unsigned)
        guard case .union(let union) = try information.type(try member("")),
            case .structure(let inner) = try information.type(union.members[1].type)
        else {
            Issue.record("the anonymous union has another shape")
            return
        }
        #expect(union.name.isEmpty && union.size == 8 && inner.members.map(\.name) == ["a", "b"])
        guard case .array(let grid) = try information.type(try member("grid")),
            case .array(let tail) = try information.type(try member("tail"))
        else {
            Issue.record("grid or tail is no array")
            return
        }
        #expect(grid.counts == [2, 3] && tail.counts == [nil])
        #expect(try information.size(of: member("grid")) == 24 && information.size(of: member("tail")) == 0)
        #expect(try information.type(member("next")) == .pointer(id))
        guard case .pointer(let node) = try information.type(try member("unknown")),
            case .structure(let declared) = try information.type(node)
        else {
            Issue.record("unknown is no pointer to a structure")
            return
        }
        #expect(declared.name == "node" && declared.isDeclaration)
        guard case .pointer(let call) = try information.type(try member("call")),
            case .function(let function) = try information.type(call)
        else {
            Issue.record("call is no pointer to a function")
            return
        }
        #expect(function.parameters.count == 2 && function.isVariadic)
        #expect(try information.name(of: function.result) == "int")
    }

    @Test("describes enumerations with and without sign", arguments: ["bpfel", "bpfeb"], [4, 5])
    func enumerations(target: String, version: Int) throws {
        let information = try DWARFInformation(TestProgram.file(target, version: version))
        let kind = try #require(try information.types(named: "enum kind").first)
        let wide = try #require(try information.types(named: "wide").first)
        guard case .enumeration(let signed) = try information.type(kind),
            case .enumeration(let unsigned) = try information.type(wide)
        else {
            Issue.record("kind or wide is no enumeration")
            return
        }
        #expect(signed.isSigned && signed.size == 4)
        #expect(signed.values.map(\.name) == ["OPEN", "CLOSE"])
        #expect(signed.values.map(\.value) == [1, -2])
        #expect(!unsigned.isSigned && unsigned.size == 8)
        #expect(unsigned.values.map { UInt64(bitPattern: $0.value) } == [0xffff_ffff_0000_0000])
    }

    @Test("names a structure without tag by its typedef")
    func typedefName() throws {
        let information = try DWARFInformation(TestProgram.file())
        let id = try #require(try information.types(named: "small_t").first)
        let summary = try information.summary(of: id)
        #expect(summary.shape == .composite && summary.name == "small_t" && summary.size == 16)
        #expect(try information.structure(named: "small_t") == summary.target)
        #expect(try information.structure(named: "absent") == nil)
        #expect(try information.structure(named: "struct ") == nil)
    }
}
