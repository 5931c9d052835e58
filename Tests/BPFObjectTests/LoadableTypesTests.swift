// SPDX-License-Identifier: Apache-2.0

import BPFObject
import BTF
import Bytes
import TestSupport
import Testing

@Suite("Types are written in words that an older kernel knows")
struct LoadableTypesTests {
    private static let source = """
        enum wide { SMALL = 1, LARGE = 0x100000000ULL };
        enum narrow { NEGATIVE = -1, POSITIVE = 1 };
        struct __attribute__((btf_decl_tag("note"))) event {
            enum wide wide; enum narrow narrow; int __attribute__((btf_type_tag("user"))) *pointer; double number;
        };
        struct event last;
        static __noinline int helper(struct event *event) { return event->narrow; }
        __attribute__((visibility("hidden"))) __noinline int shared(int value) { return value * 3; }
        SEC("socket") int entry(void *ctx) { return helper(&last) + shared(1); }
        char LICENSE[] SEC("license") = "GPL";
        """

    private func lowered(_ lack: LoadableTypes.Lack) throws -> (before: BTFTable, after: BTFTable) {
        let spec = try ObjectSpec(CompiledC.object(Self.source), name: "types")
        let types = try #require(try LoadableTypes(of: spec, lacking: lack))
        return (try #require(spec.types), try BTFTable(OwnedBytes(types.bytes)))
    }

    private func kinds(_ table: BTFTable) -> Set<BTFKind> {
        Set((1..<UInt32(table.typeCount)).compactMap { table.kind(BTFTypeID($0)) })
    }

    @Test("the kinds that a kernel lacks are gone, ids stay, and every size stays")
    func kindsAreReplaced() throws {
        let cases: [(LoadableTypes.Lack, Set<BTFKind>)] = [
            (.floats, [.float]), (.declarationTags, [.declarationTag]), (.typeTags, [.typeTag]),
            (.wideEnumerations, [.enumeration64]), (.dataSections, [.dataSection, .variable]),
            (.functions, [.function, .functionPrototype]),
        ]
        for (lack, gone) in cases {
            let (before, after) = try lowered(lack)
            #expect(before.typeCount == after.typeCount)
            #expect(kinds(before).isSuperset(of: gone))
            #expect(kinds(after).isDisjoint(with: gone))
            let event = try #require(before.firstID(named: "event", kind: .structure))
            #expect(try after.type(event).name == "event")
            #expect(try after.size(of: event) == before.size(of: event))
            for member in try after.type(event).composite?.members ?? [] {
                #expect(try after.size(of: member.type) == before.size(of: member.type))
            }
        }
    }

    @Test("signs of enumerations and linkage of functions go where a kernel does not know them")
    func flags() throws {
        let (before, after) = try lowered([.wideEnumerations, .globalFunctions])
        let narrow = try #require(before.firstID(named: "narrow", kind: .enumeration))
        guard case .enumeration(let enumeration) = try after.type(narrow) else {
            Issue.record("no enumeration")
            return
        }
        #expect(!enumeration.isSigned)
        #expect(enumeration.values.map { UInt32(truncatingIfNeeded: $0.value) } == [0xffff_ffff, 1])
        let entry = try #require(before.firstID(named: "entry", kind: .function))
        guard case .function(let function) = try after.type(entry) else {
            Issue.record("no function")
            return
        }
        #expect(function.linkage == .static)
    }

    @Test("a section of variables gets the size and offsets that the compiler left out, hidden functions become static")
    func sections() throws {
        let (_, after) = try lowered([])
        let id = try #require(after.firstID(named: ".bss", kind: .dataSection))
        guard case .dataSection(let section) = try after.type(id) else {
            Issue.record("no section")
            return
        }
        #expect(section.size == 32 && section.variables.map(\.size) == [32])
        let shared = try #require(after.firstID(named: "shared", kind: .function))
        guard case .function(let function) = try after.type(shared) else {
            Issue.record("no function")
            return
        }
        #expect(function.linkage == .static)
    }

    @Test("a parameter that is tagged as the context gets the type of each kind of program's context")
    func contexts() throws {
        let spec = try ObjectSpec(
            CompiledC.object(
                """
                __noinline int shared(int value, void *context __attribute__((btf_decl_tag("arg:ctx")))) {
                    return value * bpf_ktime_get_ns();
                }
                static __noinline int own(void *context __attribute__((btf_decl_tag("arg:ctx")))) {
                    return bpf_ktime_get_ns();
                }
                SEC("tc") int first(void *context) { return shared(1, context) + own(context); }
                SEC("kprobe") int second(void *context) { return shared(2, context); }
                SEC("tp/sched/sched_switch") int third(void *context) { return shared(3, context); }
                """), name: "contexts")
        #expect(try #require(try LoadableTypes(of: spec)).contextFunctions.isEmpty)
        let loadable = try #require(try LoadableTypes(of: spec, lacking: .contextTags))
        #expect(Set(loadable.contextFunctions.keys) == ["__sk_buff", "bpf_user_pt_regs_t"])
        let before = try #require(spec.types)
        let after = try BTFTable(OwnedBytes(loadable.bytes))
        for (context, functions) in loadable.contextFunctions {
            #expect(Array(functions.keys) == ["shared"])
            let id = try #require(functions["shared"])
            #expect(Int(id.rawValue) >= before.typeCount)
            guard case .function(let function) = try after.type(id),
                case .functionPrototype(let prototype) = try after.type(function.prototype),
                case .pointer(let target) = try after.type(prototype.parameters[1].type)
            else {
                Issue.record("the function of \(context) has no such parameter")
                continue
            }
            #expect(function.name == "shared" && function.linkage == .global)
            #expect(try after.type(target).name == context)
            guard case .integer = try after.type(prototype.parameters[0].type) else {
                Issue.record("the other parameter changed")
                continue
            }
        }
    }
}
