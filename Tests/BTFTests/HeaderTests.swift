// SPDX-License-Identifier: Apache-2.0

import BTF
import Bytes
import Linux
import TestSupport
import Testing

@Suite("Printing types as C")
struct HeaderTests {
    private func header(_ types: [BTFType], only ids: [BTFTypeID]? = nil) throws -> String {
        var options = BTFHeaderPrinter.Options()
        options.includeGuard = nil
        options.preservesAccessIndex = false
        let printer = BTFHeaderPrinter(try TableFixture.table(types), options: options)
        var text = ""
        if let ids {
            try printer.print(ids) { text += $0 }
        } else {
            try printer.print { text += $0 }
        }
        return text
    }

    @Test("Every kind of type")
    func everyKind() throws {
        let text = try header(TableFixture.everyKind)
        #expect(
            text.contains(
                "struct node {\n\tstruct node *next;\n\tint values[7];\n\tunion {\n\t\tint low: 5;\n\t\tint all;\n\t};\n\tlong: 64;\n};"
            ))
        #expect(text.contains("enum state {\n\tBAD = -1,\n\tGOOD = 1,\n};"))
        #expect(text.contains("struct hidden;"))
        #expect(text.contains("union hidden_union;"))
        #expect(text.contains("typedef struct node node_t;"))
        #expect(text.contains("TOP = 18446744073709551615ULL"))
        #expect(text.contains("extern int work(struct node *first, ...) __weak __ksym;"))
    }

    @Test("Declarators: pointers to functions and arrays, qualifiers, tags")
    func declarators() throws {
        let types: [BTFType] = [
            .integer(BTFInteger(name: "int", size: 4, encoding: .signed)),
            .functionPrototype(
                BTFFunctionPrototype(result: BTFTypeID(3), parameters: [BTFParameter(name: "", type: BTFTypeID(1))])),
            .pointer(BTFTypeID(2)),
            .typedef(BTFNamedReference(name: "recursive", type: BTFTypeID(1))),
            .array(BTFArray(element: BTFTypeID(1), index: BTFTypeID(1), count: 3)),
            .array(BTFArray(element: BTFTypeID(5), index: BTFTypeID(1), count: 2)),
            .pointer(BTFTypeID(6)),
            .typedef(BTFNamedReference(name: "matrix", type: BTFTypeID(7))),
            .const(BTFTypeID(1)), .pointer(BTFTypeID(9)), .const(BTFTypeID(10)), .volatile(BTFTypeID(11)),
            .typedef(BTFNamedReference(name: "fixed", type: BTFTypeID(12))),
            .typeTag(BTFTypeTag(name: "rcu", type: BTFTypeID(1))), .pointer(BTFTypeID(14)),
            .typedef(BTFNamedReference(name: "tagged", type: BTFTypeID(15))),
            .functionPrototype(
                BTFFunctionPrototype(result: BTFTypeID(7), parameters: [BTFParameter(name: "x", type: BTFTypeID(10))])),
            .pointer(BTFTypeID(17)), .array(BTFArray(element: BTFTypeID(18), index: BTFTypeID(1), count: 4)),
            .typedef(BTFNamedReference(name: "table", type: BTFTypeID(19))),
        ]
        let text = try header(types, only: [8, 13, 16, 20].map { BTFTypeID($0) })
        #expect(text.contains("typedef int (*matrix)[2][3];"))
        #expect(text.contains("typedef const int *const volatile fixed;"))
        #expect(text.contains("typedef int __attribute__((btf_type_tag(\"rcu\"))) *tagged;"))
        #expect(text.contains("typedef int (*(*table[4])(const int *x))[2][3];"))
    }

    @Test("Types of one name, and enumerators that clash, get flavours")
    func duplicates() throws {
        let int = BTFTypeID(1)
        let text = try header([
            .integer(BTFInteger(name: "int", size: 4, encoding: .signed)),
            .structure(BTFComposite(name: "s", size: 4, members: [BTFMember(name: "a", type: int, bitOffset: 0)])),
            .structure(BTFComposite(name: "s", size: 4, members: [BTFMember(name: "b", type: int, bitOffset: 0)])),
            .union(BTFComposite(name: "s", size: 4, members: [BTFMember(name: "c", type: BTFTypeID(3), bitOffset: 0)])),
            .typedef(BTFNamedReference(name: "A", type: int)),
            .typedef(BTFNamedReference(name: "A", type: BTFTypeID(4))),
            .enumeration(BTFEnumeration(name: "e", values: [BTFEnumerator(name: "A", value: 0)])),
        ])
        #expect(text.contains("struct s {\n\tint a;"))
        #expect(text.contains("struct s___2 {\n\tint b;"))
        #expect(text.contains("union s___3 {\n\tstruct s___2 c;"))
        #expect(text.contains("typedef union s___3 A___2;"))
        #expect(text.contains("A___3 = 0"))
    }

    @Test("A typedef of a structure that points to it comes after the structure's declaration")
    func order() throws {
        let text = try header([
            .structure(
                BTFComposite(
                    name: "list", size: 8, members: [BTFMember(name: "next", type: BTFTypeID(3), bitOffset: 0)])),
            .typedef(BTFNamedReference(name: "list_t", type: BTFTypeID(1))),
            .pointer(BTFTypeID(2)),
            .structure(
                BTFComposite(
                    name: "holder", size: 8, members: [BTFMember(name: "l", type: BTFTypeID(2), bitOffset: 0)])),
        ])
        let declared = try #require(text.firstRange(of: "struct list;"))
        let typedef = try #require(text.firstRange(of: "typedef struct list list_t;"))
        let defined = try #require(text.firstRange(of: "struct list {"))
        let holder = try #require(text.firstRange(of: "struct holder {"))
        #expect(declared.lowerBound < typedef.lowerBound)
        #expect(typedef.lowerBound < defined.lowerBound)
        #expect(defined.lowerBound < holder.lowerBound)
    }

    @Test("What clang lays out in unusual ways keeps its layout through a header")
    func layouts() throws {
        let source = """
            struct packed { char a; long b; short c; } __attribute__((packed));
            struct inside { char x; struct packed p; int y; };
            struct aligned { char a; } __attribute__((aligned(64)));
            struct gap { int a; int b __attribute__((aligned(32))); char c; };
            struct bits { unsigned a : 3; unsigned : 0; unsigned b : 5; unsigned long c : 40; char d; unsigned e : 30; };
            struct bits2 { char a; int b : 7; int : 20; int c : 4; _Bool d : 1; unsigned short s : 9; long f : 60; };
            struct packed_bits { char a; unsigned b : 31; unsigned long c : 63; } __attribute__((packed));
            struct wide { __int128 a; char b; };
            struct flexible { int n; struct { short s; long l; } items[]; };
            union odd { char a[5]; int b; };
            union tight { char a[5]; int b; } __attribute__((packed));
            union big { int a; } __attribute__((aligned(32)));
            struct unions { char c; union tight t; union odd o; union big b; };
            enum small { ONE = 1 } __attribute__((packed));
            enum huge { HUGE = 1ULL << 40, MINUS = -5 };
            enum eight { EIGHT } __attribute__((mode(DI)));
            struct enums { enum small s[3]; enum huge h; enum eight e; enum small bit : 2; };
            struct nested { struct { int a; union { char b; struct { long c; } __attribute__((packed)); }; }; void (*f)(int, ...); };
            struct empty {};
            struct holder { int a; struct empty e; int b[0]; struct { long z; } tail; };
            struct large { char a; char pad[3000]; long b __attribute__((aligned(4096))); };
            struct all {
                struct inside m0; struct aligned m1; struct gap m2; struct bits m3; struct bits2 m4;
                struct packed_bits m5; struct wide m6; struct unions m7; struct enums m8; struct nested m9;
                struct holder m10; struct large m11; struct flexible m12;
            } all;
            """
        try expectSameLayout(source: source)
    }

    /// The types that clang writes for a source.
    private func compile(_ source: String) throws -> BTFTable {
        let folder = try TemporaryFolder(prefix: "skep-test")
        defer { folder.remove() }
        let (object, types) = ("\(folder.path)/output.o", "\(folder.path)/types")
        try Files.write(CompiledC.compile(source, ["--target=bpf", "-g", "-O2", "-w", "-c"]).array, to: object)
        let copier = try #require(CompiledC.tool("llvm-objcopy"))
        _ = try CompiledC.run(copier, ["--dump-section", ".BTF=\(types)", object])
        return try BTFTable(OwnedBytes(Files.read(types)))
    }

    private func expectSameLayout(source: String) throws {
        let first = try compile(source)
        var text = ""
        try BTFHeaderPrinter(first).print { text += $0 }
        let second = try compile(text + "\nstruct all all;\n")
        for id in first.ownTypeIDs {
            guard let composite = try first.type(id).composite, !composite.name.isEmpty else { continue }
            let other = try #require(second.firstID(named: composite.name, kind: first.kind(id)))
            compare(composite, try second.type(other).composite)
        }
    }

    private func compare(_ left: BTFComposite, _ right: BTFComposite?) {
        #expect(left.size == right?.size, "size of \(left.name)")
        let members = (right?.members ?? []).filter { !$0.name.hasPrefix("__padding_") }
        #expect(left.members.map(\.name) == members.map(\.name), "\(left.name)")
        #expect(left.members.map(\.bitOffset) == members.map(\.bitOffset), "\(left.name)")
        #expect(left.members.map(\.bitfieldSize) == members.map(\.bitfieldSize), "\(left.name)")
    }

    @Test(
        "The running kernel's header compiles, and clang lays out hundreds of its structures as the kernel does",
        .enabled(if: TableFixture.kernel != nil))
    func kernel() throws {
        let kernel = try #require(TableFixture.kernel)
        var text = ""
        try BTFHeaderPrinter(kernel).print { text += $0 }
        var seen: Set<String> = []
        var chosen: [BTFComposite] = []
        var variables = ""
        var count = 0
        for id in kernel.ownTypeIDs where kernel.kind(id) == .structure {
            guard let composite = try kernel.type(id).composite, !composite.name.isEmpty, composite.size > 0,
                seen.insert(composite.name).inserted, kernel.ids(named: composite.name).first == id
            else { continue }
            count += 1
            guard count % 20 == 0 || composite.members.contains(where: { $0.bitfieldSize > 0 }) else { continue }
            chosen.append(composite)
            variables += "struct \(composite.name) v\(chosen.count);\n"
        }
        #expect(chosen.count > 300)
        let compiled = try compile(text + variables)
        for composite in chosen {
            let id = try #require(compiled.firstID(named: composite.name, kind: .structure))
            compare(composite, try compiled.type(id).composite)
        }
    }
}
