// SPDX-License-Identifier: Apache-2.0

import BPFInstruction
import BPFObject
import BTF
import Bytes
import ELF
import TestSupport
import Testing

@Suite("CO-RE relocation of compiled objects")
struct CORECompiledTests {
    private struct Object {
        let types: BTFTable
        let relocations: [String: [CORERelocation]]
        let code: [String: [Instruction]]

        init(_ source: String, target: String = "bpfel") throws {
            let file = try ELFFile(try CompiledC.object(source, target: target))
            func contents(_ name: String) throws -> OwnedBytes {
                try file.contents(of: file.section(named: name).orThrow())
            }
            types = try BTFTable(try contents(".BTF"))
            let extra = try BTFExtension(try contents(".BTF.ext"), table: types)
            relocations = Dictionary(uniqueKeysWithValues: extra.coreRelocations.map { ($0.sectionName, $0.records) })
            var code: [String: [Instruction]] = [:]
            for section in file.sections where section.isExecutable && section.size > 0 {
                let bytes = try file.contents(of: section)
                code[section.name] = try Instruction.decode(bytes.span, order: file.order)
            }
            self.code = code
        }
    }

    private let local = """
        struct inner { int first; int second; } __preserve;
        struct thing {
            int a;
            struct inner in[3];
            u32 flag : 3, width : 7;
            struct thing *next;
            u64 count;
            int gone;
        } __preserve;
        enum colour { RED = 1, BLUE = 2 };
        enum wide { SMALL, LARGE = 0x100000000ULL };
        SEC("test") int program(struct thing *thing) {
            int sum = thing->a + thing->in[2].second + (int)thing->count + thing->next->a;
            if (__builtin_preserve_field_info(thing->gone, 2)) sum += thing->gone;
            sum += __builtin_preserve_field_info(thing->width, 0) + __builtin_preserve_field_info(thing->width, 4)
                + __builtin_preserve_field_info(thing->width, 5) + __builtin_preserve_field_info(thing->width, 3);
            sum += __builtin_preserve_type_info(*(struct thing *)0, 0) + __builtin_preserve_type_info(*(struct thing *)0, 1)
                + __builtin_preserve_type_info(*(struct thing *)0, 2);
            sum += __builtin_btf_type_id(*(struct thing *)0, 0) + __builtin_btf_type_id(*(struct thing *)0, 1);
            sum += __builtin_preserve_enum_value(*(enum colour *)BLUE, 0)
                + __builtin_preserve_enum_value(*(enum colour *)BLUE, 1)
                + (__builtin_preserve_enum_value(*(enum wide *)LARGE, 1) >> 32);
            return sum;
        }
        """

    @Test("Every relocation of an object relocated against itself leaves the code as it was, bit fields aside")
    func identity() throws {
        for target in ["bpfel", "bpfeb"] {
            let object = try Object(local, target: target)
            let records = try object.relocations["test"].orThrow()
            var code = try object.code["test"].orThrow()
            let before = code
            var relocator = CORERelocator(local: object.types, target: CORETarget(name: "self", table: object.types))
            let report = try relocator.relocate(&code, with: records)
            #expect(report.count == records.count)
            // A compiler may choose another load for a bit field than the smallest that holds it.
            let bitfields = Set(report.filter { $0.accessor == "thing.width" }.map(\.instructionIndex))
            for index in code.indices where !bitfields.contains(index) {
                #expect(code[index] == before[index], "instruction \(index)")
            }
            #expect(report.allSatisfy { $0.poison == nil })
            #expect(Set(report.map(\.kind)).count >= 11)
        }
    }

    @Test("Against other types, every field, type and enumerator gets its place there")
    func other() throws {
        let object = try Object(local)
        let target = try Object(
            """
            struct inner { int pad[5]; int second; int first; };
            struct thing {
                u64 pad; u32 count; struct { union { struct inner in[3]; char big[100]; }; };
                u32 before : 9, width : 7, flag : 3; struct thing *next; int a;
            };
            enum colour { GREEN, BLUE = 77 };
            enum wide { SMALL, LARGE = 0x300000000ULL };
            struct thing thing; enum colour colour; enum wide wide;
            SEC("test") int program(void *ctx) { return thing.a + colour + (int)wide; }
            """)
        var code = try object.code["test"].orThrow()
        var relocator = CORERelocator(local: object.types, target: CORETarget(name: "other", table: target.types))
        let report = try relocator.relocate(&code, with: try object.relocations["test"].orThrow())
        func value(_ kind: CORERelocationKind, _ accessor: String) -> UInt64? {
            report.first { $0.kind == kind && $0.accessor == accessor }?.targetValue
        }
        // pad 0, count 8, in 12 of 3 * 28 in a union of 100, bit fields at 112, next at 120, a at 128
        #expect(value(.fieldByteOffset, "thing.a") == 128)
        #expect(value(.fieldByteOffset, "thing.count") == 8)
        #expect(value(.fieldByteOffset, "thing.in[2].second") == 12 + 2 * 28 + 20)
        #expect(value(.fieldByteOffset, "thing.next") == 120)
        #expect(value(.fieldByteOffset, "thing.width") == 112)
        #expect(value(.fieldLeftShift, "thing.width") == 48)
        #expect(value(.fieldRightShift, "thing.width") == 57)
        #expect(value(.fieldExists, "thing.gone") == 0)
        #expect(report.contains { $0.accessor == "thing.gone" && $0.poison == .missing })
        #expect(value(.typeSize, "thing") == 136)
        #expect(value(.typeExists, "thing") == 1)
        #expect(value(.typeMatches, "thing") == 0)
        #expect(value(.enumeratorValue, "colour::BLUE") == 77)
        #expect(value(.enumeratorValue, "wide::LARGE") == 0x3_0000_0000)
        // The count shrank from 8 to 4 bytes: its load did too.
        let count = try report.first { $0.accessor == "thing.count" }.orThrow()
        #expect(code[count.instructionIndex].opcode == 0x61)
    }
}
