// SPDX-License-Identifier: Apache-2.0

import BPFObject
import TestSupport
import Testing

@Suite("Definitions of maps")
struct MapDefinitionTests {
    private static let arenaMacros = "#define __arena __attribute__((address_space(1)))\n"

    @Test("variables of an arena belong to it, with their values and offsets")
    func arena() throws {
        var spec = try ObjectSpec(
            CompiledC.object(
                Self.arenaMacros + """
                    struct { __uint(type, 33); __uint(map_flags, 1024); __uint(max_entries, 4); } arena SEC(".maps");
                    struct node { struct node __arena *next; u64 value; };
                    u64 __arena first = 7;
                    u64 __arena second = 9;
                    struct node __arena *__arena list;
                    SEC("syscall") int touch(void *ctx) { first += second; return list ? list->value : 0; }
                    """), name: "arena")
        let arena = try #require(spec.map(named: "arena"))
        #expect(arena.kind == .arena && arena.section?.name == ".addr_space.1")
        let variables = spec.variables.filter { $0.map == "arena" }
        #expect(Set(variables.map(\.name)) == ["first", "second", "list"])
        #expect(Set(variables.map(\.offset)).count == 3)
        #expect(try spec.bytes(ofVariable: "second") == [9, 0, 0, 0, 0, 0, 0, 0])
        try spec.setVariable("first", to: 8 as UInt64)
        #expect(try spec.bytes(ofVariable: "first").first == 8)
        let offset = try #require(variables.first { $0.name == "second" }?.offset)
        let isReferenced = spec.functions["touch"]?.references.contains { reference in
            if case .mapValue("arena", let found) = reference.target { return Int(found) == offset }
            return false
        }
        #expect(isReferenced == true)
    }

    @Test("variables of an arena without an arena, and two arenas, are refused")
    func wrongArenas() throws {
        let lonely = try CompiledC.object(
            Self.arenaMacros + "u64 __arena first = 7; SEC(\"syscall\") int touch(void *ctx) { return first; }")
        let error = #expect(throws: ObjectError.self) { try ObjectSpec(lonely, name: "lonely") }
        #expect(error?.message == "there are variables in an arena, but the object defines no arena")
        let two = try CompiledC.object(
            """
            struct { __uint(type, 33); __uint(max_entries, 4); } a SEC(".maps"), b SEC(".maps");
            SEC("syscall") int nothing(void *ctx) { return 0; }
            """)
        #expect(throws: ObjectError.self) { try ObjectSpec(two, name: "two") }
    }

    @Test("a field that is a plain variable is refused with the line to write instead")
    func plainField() throws {
        let bytes = try CompiledC.object(
            """
            struct { u32 type; __uint(max_entries, 4); __type(key, u32); __type(value, u32); } counts SEC(".maps") = {.type = 1};
            SEC("xdp") int nothing(void *ctx) { return 0; }
            """)
        let error = try #require(#expect(throws: ObjectError.self) { try ObjectSpec(bytes, name: "plain") })
        #expect(error.message.contains("the field type"))
        #expect(error.hint?.contains("__uint(type, …)") == true)
    }

    @Test("tries and storage get the flag that the kernel demands")
    func requiredFlags() throws {
        let spec = try ObjectSpec(
            CompiledC.object(
                """
                struct { __uint(type, 11); __uint(max_entries, 4); __type(key, u64); __type(value, u32); } trie SEC(".maps");
                struct { __uint(type, 29); __type(key, int); __type(value, u32); } tasks SEC(".maps");
                struct { __uint(type, 1); __uint(max_entries, 4); __type(key, u64); __type(value, u32); } hash SEC(".maps");
                SEC("xdp") int nothing(void *ctx) { return 0; }
                """), name: "flags")
        #expect(spec.map(named: "trie")?.flags == MapFlags.noPreallocation)
        #expect(spec.map(named: "tasks")?.flags == MapFlags.noPreallocation)
        #expect(spec.map(named: "hash")?.flags == 0)
    }

    @Test("kinds know their names and what can be listed")
    func kinds() {
        #expect(MapKind.resizableHash.description == "rhash" && MapKind.instructionArray.description == "insn_array")
        #expect(MapKind(rawValue: 99).description == "map type 99")
        #expect(MapKind.queue.isKeyless && !MapKind.queue.hasListableKeys)
        #expect(!MapKind.taskStorage.hasListableKeys && MapKind.hash.hasListableKeys)
    }
}
