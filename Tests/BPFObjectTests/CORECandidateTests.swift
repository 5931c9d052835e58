// SPDX-License-Identifier: Apache-2.0

import BPFInstruction
import BPFObject
import BTF
import Testing

@Suite("CO-RE candidates")
struct CORECandidateTests {
    private func local() throws -> (table: BTFTable, type: BTFTypeID) {
        var local = TypeFixture()
        let int = local.int()
        let type = local.structure("adapter", size: 12, [("a", int, 0), ("b", int, 4), ("c", int, 8)])
        return (try local.table(), type)
    }

    private func record(_ index: UInt32, _ type: BTFTypeID, _ member: Int) -> CORERelocation {
        CORERelocation(instructionOffset: index * 8, type: type, accessString: "0:\(member)", kind: .fieldByteOffset)
    }

    @Test("Several types of one name are fine while they agree")
    func agreement() throws {
        let (local, type) = try local()
        var target = TypeFixture()
        let int = target.int()
        target.structure("adapter", size: 8, [("a", int, 4)])
        target.structure("adapter___2", size: 16, [("x", int, 0), ("a", int, 4)])
        let result = try relocate(
            [Code.load(0, 0)], .fieldByteOffset, type, "0:0", local: local, target: try target.table())
        #expect(result.instructions == [Code.load(0, 4)])
        #expect(result.entry.candidates.map(\.name) == ["adapter", "adapter___2"])
    }

    @Test("Types of one name that disagree are an error that names them")
    func ambiguity() throws {
        let (local, type) = try local()
        var target = TypeFixture()
        let int = target.int()
        target.structure("adapter", size: 8, [("a", int, 4)])
        target.structure("adapter", size: 16, [("a", int, 8)])
        let table = try target.table()
        #expect(
            relocationErrorCode {
                _ = try relocate([Code.load(0, 0)], .fieldByteOffset, type, "0:0", local: local, target: table)
            } == .ambiguous)
        // Both have it, whatever its offset.
        #expect(
            relocationErrorCode {
                _ = try relocate([Code.move(1)], .fieldExists, type, "0:0", local: local, target: table)
            } == .ambiguous)
    }

    @Test("A type that an earlier relocation ruled out is not mixed in later")
    func pruning() throws {
        let (local, type) = try local()
        var target = TypeFixture()
        let int = target.int()
        // Only the second has `b`; `a` is ambiguous until then.
        target.structure("adapter", size: 16, [("a", int, 0), ("c", int, 12)])
        target.structure("adapter", size: 16, [("a", int, 8), ("b", int, 4)])
        var relocator = CORERelocator(local: local, target: CORETarget(name: "vmlinux", table: try target.table()))
        var code = [Code.load(0, 4), Code.load(0, 0), Code.load(0, 8)]
        let report = try relocator.relocate(&code, with: [record(0, type, 1), record(1, type, 0), record(2, type, 2)])
        #expect(code == [Code.load(0, 4), Code.load(0, 8), Code.poison])
        #expect(report.map { $0.poison } == [nil, nil, .missing])
        // The choice holds for the object's other programs.
        var other = [Code.load(0, 0)]
        _ = try relocator.relocate(&other, with: [record(0, type, 0)])
        #expect(other == [Code.load(0, 8)])
    }

    @Test("A flavour is what stands after exactly three underscores")
    func flavours() throws {
        var target = TypeFixture()
        target.structure("name", size: 8, [("a", target.int(), 4)])
        let table = try target.table()
        for (name, found) in [
            ("name___x", true), ("name___", false), ("name____x", false), ("name__x", false), ("name___x___y", false),
        ] {
            var local = TypeFixture()
            let type = local.structure(name, size: 4, [("a", local.int(), 0)])
            let result = try relocate(
                [Code.move(1)], .typeExists, type, local: try local.table(), target: table)
            #expect(result.instructions == [Code.move(found ? 1 : 0)], "\(name)")
        }
    }

    @Test("Types of modules are looked up only when the kernel itself has none of the name")
    func modules() throws {
        let (local, type) = try local()
        var kernel = TypeFixture()
        let int = kernel.int()
        kernel.structure("other", size: 4, [])
        let kernelTable = try kernel.table()
        var module = TypeFixture(base: kernelTable)
        let moduleType = module.structure("adapter", size: 64, [("a", int, 60)])
        let target = CORETarget(name: "e1000", table: try module.table())
        let result = try relocate(
            [Code.load(0, 0)], .fieldByteOffset, type, "0:0", local: local, target: kernelTable, modules: [target])
        #expect(result.instructions == [Code.load(0, 60)])
        #expect(result.entry.candidates.first?.target == "e1000")
        #expect(result.entry.candidates.first?.id == moduleType)
        kernel.structure("adapter", size: 64, [("a", int, 20)])
        let preferred = try relocate(
            [Code.load(0, 0)], .fieldByteOffset, type, "0:0", local: local, target: try kernel.table(),
            modules: [target])
        #expect(preferred.instructions == [Code.load(0, 20)])
    }

    @Test("Fields of incompatible sorts do not match: a pointer is no integer, an enumeration of another name no other")
    func compatibility() throws {
        var local = TypeFixture()
        let int = local.int()
        let type = local.structure(
            "s", size: 24, [("p", local.pointer(to: int), 0), ("e", local.enumeration("one", [("A", 0)]), 8)])
        var target = TypeFixture()
        let targetInt = target.int(size: 8)
        target.structure("s", size: 24, [("p", targetInt, 0), ("e", target.enumeration("two", [("A", 0)]), 8)])
        let (localTable, targetTable) = (try local.table(), try target.table())
        for member in ["0:0", "0:1"] {
            let result = try relocate(
                [Code.move(1)], .fieldExists, type, member, local: localTable, target: targetTable)
            #expect(result.instructions == [Code.move(0)])
        }
    }

    @Test("Anonymous root types, a missing target and damaged access strings are errors")
    func refusals() throws {
        var local = TypeFixture()
        let int = local.int()
        let anonymous = local.structure("", size: 4, [("a", int, 0)])
        let named = local.structure("s", size: 4, [("a", int, 0)])
        let table = try local.table()
        func code(
            _ type: BTFTypeID, _ access: String, _ kind: CORERelocationKind = .fieldByteOffset,
            target: BTFTable?
        ) -> CORERelocationError.Code? {
            relocationErrorCode {
                _ = try relocate([Code.move(0)], kind, type, access, local: table, target: target)
            }
        }
        #expect(code(anonymous, "0:0", target: table) == .unsupported)
        #expect(code(named, "0:0", target: nil) == .missingTarget)
        #expect(code(named, "0", .typeIDLocal, target: nil) == nil)
        for access in [
            "", ":", "0:", "0:1", "0:-1", "x", "0::0", "0:0:0", "0:99999999999", "0x0", "+0:0",
            String(repeating: "0:", count: 70) + "0",
        ] {
            #expect(code(named, access, target: table) == .malformed, "\(access)")
        }
        #expect(code(named, "1", .typeExists, target: table) == .malformed)
        #expect(code(BTFTypeID(99), "0:0", target: table) == .malformed)
    }

    @Test("Types that would take forever to compare are refused")
    func entangled() throws {
        var types = TypeFixture()
        let int = types.int()
        var inner = types.union("", size: 4, [("x", int)])
        for _ in 0..<40 { inner = types.union("", size: 4, [("", inner), ("", inner)]) }
        types.structure("s", size: 4, [("", inner, 0)])
        var local = TypeFixture()
        let type = local.structure("s", size: 4, [("missing", local.int(), 0)])
        let (localTable, targetTable) = (try local.table(), try types.table())
        #expect(
            relocationErrorCode {
                _ = try relocate(
                    [Code.load(0, 0)], .fieldByteOffset, type, "0:0", local: localTable, target: targetTable)
            } == .malformed)
    }

    @Test("Relocations of other programs in the section are passed over; one inside an instruction is refused")
    func sectionOffsets() throws {
        let (local, type) = try local()
        var relocator = CORERelocator(local: local, target: CORETarget(name: "vmlinux", table: local))
        var code = [Code.load(0, 0), Code.load(0, 4)]
        let report = try relocator.relocate(
            &code, with: [record(0, type, 0), record(4, type, 0), record(5, type, 1), record(6, type, 0)],
            sectionOffset: 32)
        #expect(report.map(\.instructionIndex) == [0, 1])
        var record = record(0, type, 0)
        record.instructionOffset = 4
        #expect(relocationErrorCode { _ = try relocator.relocate(&code, with: [record]) } == .malformed)
    }
}
