// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Bytes
import Diagnostics
import ELF
import TestSupport
import Testing

/// Objects whose headers and symbols were changed after they were compiled.
@Suite("Damaged objects are refused")
struct HostileObjectTests {
    private static let object = Result {
        try CompiledC.object(
            """
            struct { __uint(type, 2); __uint(max_entries, 1); __type(key, u32); __type(value, u64); } one SEC(".maps");
            struct { __uint(type, 2); __uint(max_entries, 1); __type(key, u32); __type(value, u64); } two SEC(".maps");
            u64 number = 5;
            u64 first[4] SEC(".bss.first");
            u64 second[4] SEC(".bss.second");
            SEC("xdp") int count(void *ctx) {
                u32 key = 0;
                u64 *value = bpf_map_lookup_elem(&one, &key), *other = bpf_map_lookup_elem(&two, &key);
                if (value && other) *value += *other + number + first[1] + second[1];
                return 2;
            }
            """)
    }

    /// An object that can be changed.
    private struct Damaged {
        var bytes: [UInt8]
        let file: ELFFile

        init() throws {
            let object = try HostileObjectTests.object.get()
            bytes = object.array
            file = try ELFFile(object)
        }

        /// Writes a field of a section's header; `offset` is that in `Elf64_Shdr`.
        mutating func setSection(_ name: String, _ offset: Int, _ value: some FixedWidthInteger) throws {
            let table: UInt64? = file.bytes.span.integer(at: 40, as: UInt64.self, order: .little)
            let section = try #require(file.section(named: name))
            let isStored = bytes.store(
                value, at: Int(try #require(table)) + section.index * 64 + offset, order: .little)
            #expect(isStored)
        }

        /// Writes a field of a symbol; `offset` is that in `Elf64_Sym`.
        mutating func setSymbol(_ name: String, _ offset: Int, _ value: UInt64) throws {
            let table = try #require(file.sections.first { $0.type == ELFSection.symbolTable })
            let symbol = try #require(try file.symbols().first { $0.name == name })
            let isStored = bytes.store(value, at: Int(table.offset) + symbol.index * 24 + offset, order: .little)
            #expect(isStored)
        }

        func refusal() throws -> ObjectError {
            try #require(#expect(throws: ObjectError.self) { _ = try ObjectSpec(OwnedBytes(bytes), name: "damaged") })
        }
    }

    @Test("A section without contents that claims to have some holds no variables", arguments: [UInt64(1) << 63, 8])
    func nullSection(value: UInt64) throws {
        var damaged = try Damaged()
        try damaged.setSection(".data", 4, UInt32(0))
        try damaged.setSection(".data", 32, UInt64.max)
        try damaged.setSymbol("number", 8, value)
        _ = try? ObjectSpec(OwnedBytes(damaged.bytes), name: "damaged")
    }

    @Test("A variable past the end of its section")
    func variablePastEnd() throws {
        var damaged = try Damaged()
        try damaged.setSymbol("number", 16, 1 << 63)
        #expect(try damaged.refusal().code == .malformed)
    }

    @Test("Zeros without bytes in the file are not more than 1 GiB in all sections together")
    func manyZeros() throws {
        var damaged = try Damaged()
        try damaged.setSection(".bss.first", 32, UInt64(1) << 29)
        try damaged.setSection(".bss.second", 32, UInt64(1) << 29 + 1)
        #expect(try damaged.refusal().message.contains("larger than 1 GiB"))
    }

    @Test("Sections that share the file's bytes")
    func overlap() throws {
        var damaged = try Damaged()
        try damaged.setSection(".data", 24, UInt64(0))
        try damaged.setSection(".data", 32, UInt64(damaged.bytes.count))
        #expect(try damaged.refusal().chain.contains("sections overlap"))
    }

    @Test("Definitions of maps that share bytes")
    func overlappingMaps() throws {
        var damaged = try Damaged()
        let place = try #require(try damaged.file.symbols().first { $0.name == "one" }).value
        try damaged.setSymbol("two", 8, place)
        #expect(try damaged.refusal().message == "two definitions of maps overlap")
    }
}
