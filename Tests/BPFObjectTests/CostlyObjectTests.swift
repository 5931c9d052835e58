// SPDX-License-Identifier: Apache-2.0

import BPFInstruction
import BTF
import Bytes
import ELF
import TestSupport
import Testing

@testable import BPFObject

@Suite("Objects made to cost far more than they are large")
struct CostlyObjectTests {
    @Test("Arrays whose index types are arrays again do not use up the stack")
    func nestedIndexes() throws {
        var builder = BTFBuilder()
        let count = 100_000
        let int = builder.add(.integer(BTFInteger(name: "int", size: 4)))
        let first = BTFTypeID(int.rawValue + 2)
        builder.add(
            .structure(
                BTFComposite(name: "s", size: 4, members: [BTFMember(name: "m", type: first, bitOffset: 0)])))
        for index in 0..<UInt32(count) {
            let next = index + 1 < count ? BTFTypeID(first.rawValue + index + 1) : int
            builder.add(.array(BTFArray(element: int, index: next, count: 1)))
        }
        let table = try BTFTable(OwnedBytes(try builder.encode()))
        var minimal = MinimalKernelTypes(of: table)
        let relocation = CORERelocation(
            instructionOffset: 0, type: BTFTypeID(int.rawValue + 1), accessString: "0:0", kind: .fieldByteOffset)
        try minimal.add([relocation], of: table)
        #expect(minimal.count == count + 2)
    }

    @Test("Comparing members costs a step for each name, and all relocations of an object share the steps")
    func memberNames() throws {
        func table(_ numbers: [Int]) throws -> (BTFTable, BTFTypeID) {
            var types = TypeFixture()
            let int = types.int()
            let type = types.structure("s", size: 4, numbers.map { ("m\($0)", int, 0) })
            return (try types.table(), type)
        }
        let (local, type) = try table(Array(0..<100))
        let (target, _) = try table((0..<100).reversed())
        var relocator = CORERelocator(local: local, target: CORETarget(name: "vmlinux", table: target))
        func relocate() throws {
            var code = [Code.move(1)]
            let record = CORERelocation(instructionOffset: 0, type: type, accessString: "0", kind: .typeMatches)
            #expect(try relocator.relocate(&code, with: [record]).first?.targetValue == 1)
        }
        relocator.work = 8000
        try relocate()
        #expect(relocator.work < 8000 - 5050)
        #expect(relocationErrorCode { try relocate() } == .malformed)
    }

    @Test("A value is followed through the stack alone, in slots that nothing narrower changed")
    func stackSlots() throws {
        func store(_ opcode: UInt8, _ offset: Int16) -> Instruction {
            Instruction(opcode: opcode, destination: 10, source: 6, offset: offset)
        }
        func output(_ offset: Int16) -> [Instruction] {
            // r1 = *(u64 *)(r10 + offset); call bpf_ringbuf_output
            [
                Instruction(opcode: 0x79, destination: 1, source: 10, offset: offset),
                Instruction(opcode: 0x85, immediate: 130),
            ]
        }
        var code = Code.wide(0)
        code.append(Instruction(opcode: 0xbf, destination: 6, source: 1))
        // Far away from the stack, where the verifier would refuse them: nothing to remember.
        for offset in stride(from: Int16(8), to: 30_000, by: 8) { code.append(store(0x7b, offset)) }
        code += [store(0x7b, -8), store(0x7b, -16), store(0x7b, -24), store(0x63, -20), store(0x7b, -520)]
        for offset in [-8, -16, -24, -520, 8] as [Int16] { code += output(offset) }
        code.append(Instruction(opcode: 0x95))
        let function = FunctionSpec(
            name: "f", section: "xdp", sectionOffset: 0, isGlobal: true, instructions: code,
            references: [.init(instruction: 0, target: .map("ring"))])
        var finder = OutputCallFinder(function)
        #expect(finder.find().map(\.map) == ["ring", "ring", nil, nil, nil])
    }

    @Test("Records about code that name one section again and again are put together once")
    func repeatedSections() throws {
        let count = 500
        let source = (0..<count).map { "SEC(\"xdp\") int f\($0)(void *c) { return \($0); }" }.joined(separator: "\n")
        let object = try ELFFile(CompiledC.object(source))
        let types = try BTFTable(try object.contents(of: try #require(object.section(named: ".BTF"))))
        let home = try #require(object.section(named: ".BTF.ext"))
        let known = try BTFExtension(try object.contents(of: home), table: types)
        let records = try #require(known.functionInformation.first { $0.sectionName == "xdp" }).records
        // One list for each record, many times over.
        var builder = try BTFBuilder(copying: types)
        var encoder = BTFExtensionEncoder()
        for _ in 0..<20 {
            encoder.functions += records.map { BTFExtensionSection(sectionName: "xdp", records: [$0]) }
        }
        encoder.lines = known.lineInformation.flatMap { section in
            section.records.map { BTFExtensionSection(sectionName: section.sectionName, records: [$0]) }
        }
        var rewriter = try ELFRewriter(object)
        rewriter.replace(sectionAt: home.index, with: try encoder.encode(strings: &builder))
        let changed = try ObjectSpec(OwnedBytes(try rewriter.encode()), name: "changed")
        let plain = try ObjectSpec(CompiledC.object(source), name: "plain")
        #expect(changed.functions.count == count)
        for (name, function) in plain.functions {
            #expect(changed.functions[name]?.type == function.type)
            #expect(changed.functions[name]?.lines == function.lines)
        }
    }
}
