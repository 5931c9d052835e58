// SPDX-License-Identifier: Apache-2.0

import BPFInstruction
import BPFObject
import BTF
import Bytes
import ELF
import Glibc
import Linux
import TestSupport
import Testing

@Suite(
    "The kernel types that objects need", .enabled(if: access("/sys/kernel/btf/vmlinux", R_OK) == 0, "no kernel types"))
struct MinimalKernelTypesTests {
    private static let kernel = try? BTFTable(OwnedBytes(try Files.read("/sys/kernel/btf/vmlinux")))

    /// The code of all sections, relocated against some types; where a kernel's type id is asked for, its place.
    private static func relocated(_ object: OwnedBytes, against table: BTFTable) throws -> [String: [Instruction]] {
        let file = try ELFFile(object)
        let types = try BTFTable(try file.contents(of: try #require(file.section(named: ".BTF"))))
        // An object without code has nothing to relocate.
        guard let section = file.section(named: ".BTF.ext") else { return [:] }
        let extra = try BTFExtension(try file.contents(of: section), table: types)
        var code: [String: [Instruction]] = [:]
        var relocator = CORERelocator(local: types, target: CORETarget(name: "kernel", table: table))
        for section in extra.coreRelocations {
            let home = try #require(file.section(named: section.sectionName))
            let bytes = try file.contents(of: home)
            var instructions = try Instruction.decode(bytes.span, order: file.order)
            // Numbers of types mean something on the running kernel only.
            _ = try relocator.relocate(&instructions, with: section.records.filter { $0.kind != .typeIDTarget })
            code[section.sectionName] = instructions
        }
        return code
    }

    /// Compares what an object becomes with all types and with the few, and answers how many records it has.
    private static func compare(_ object: OwnedBytes, name: String) throws -> Int {
        let kernel = try #require(kernel)
        var minimal = MinimalKernelTypes(of: kernel)
        try minimal.add(object, name: name)
        let few = try BTFTable(OwnedBytes(try minimal.encode()))
        let whole = try relocated(object, against: kernel)
        #expect(try relocated(object, against: few) == whole, "\(name)")
        #expect(few.bytes.count < 1 << 16, "\(name)")
        return whole.count
    }

    @Test("Every kind of relocation resolves against them as against the whole kernel")
    func kinds() throws {
        let source = """
            struct list_head { struct list_head *next; } __preserve;
            struct mm_struct { unsigned long total_vm; } __preserve;
            struct task_struct___mine { int pid; char comm[16]; struct mm_struct *mm; int no_such; struct list_head tasks;
                u32 sched_reset_on_fork : 1; } __preserve;
            union nothing_here { int a; } __preserve;
            enum pid_type { PIDTYPE_PID = 77, PIDTYPE_MAX = 99, PIDTYPE_NONE = 5 };
            typedef int pid_t;
            SEC("raw_tp/x") u64 test(struct task_struct___mine *t) {
                u64 sum = t->pid + t->comm[3] + (u64)t->mm->total_vm + (u64)t->tasks.next;
                if (__builtin_preserve_field_info(t->no_such, 2)) sum += t->no_such;
                sum += __builtin_preserve_field_info(t->sched_reset_on_fork, 0)
                    + __builtin_preserve_field_info(t->sched_reset_on_fork, 4)
                    + __builtin_preserve_field_info(t->sched_reset_on_fork, 5)
                    + __builtin_preserve_field_info(t->comm, 1) + __builtin_preserve_field_info(t->pid, 3);
                sum += __builtin_preserve_type_info(*(struct task_struct___mine *)0, 0)
                    + __builtin_preserve_type_info(*(struct mm_struct *)0, 1)
                    + __builtin_preserve_type_info(*(struct list_head *)0, 2)
                    + __builtin_preserve_type_info(*(pid_t *)0, 0)
                    + __builtin_preserve_type_info(*(union nothing_here *)0, 0);
                sum += __builtin_preserve_enum_value(*(enum pid_type *)PIDTYPE_MAX, 1)
                    + __builtin_preserve_enum_value(*(enum pid_type *)PIDTYPE_NONE, 0);
                return sum;
            }
            """
        #expect(try Self.compare(try CompiledC.object(source), name: "kinds") == 1)
    }

    @Test("The objects of the kernel checks become the same code with few types")
    func checks() throws {
        var compared = 0
        for (name, object) in try CheckSources.compile() {
            compared += try Self.compare(OwnedBytes(object), name: name)
        }
        #expect(compared > 0)
    }

    private static let bpftool = ["/usr/sbin/bpftool", "/usr/bin/bpftool"].first { (path: String) in
        access(path, X_OK) == 0
    }

    @Test("They are the types that bpftool keeps", .enabled(if: bpftool != nil, "no bpftool"))
    func peer() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let source = """
            struct mm_struct { unsigned long total_vm; } __preserve;
            struct task_struct { int pid; char comm[16]; struct mm_struct *mm; } __preserve;
            SEC("raw_tp/x") u64 test(struct task_struct *t) { return t->pid + t->comm[3] + t->mm->total_vm; }
            """
        let object = try CompiledC.object(source)
        let (input, output) = ("\(folder.path)/in.o", "\(folder.path)/out.btf")
        try Files.write(object.array, to: input)
        let result = try ChildProcess.run(
            try #require(Self.bpftool), ["gen", "min_core_btf", "/sys/kernel/btf/vmlinux", output, input])
        let isSuccess = result.isSuccess
        try #require(isSuccess, "\(String(decoding: result.errors, as: UTF8.self))")
        var minimal = MinimalKernelTypes(of: try #require(Self.kernel))
        try minimal.add(object, name: "in.o")
        func types(_ bytes: [UInt8]) throws -> [BTFType] {
            let table = try BTFTable(OwnedBytes(bytes))
            return try table.ownTypeIDs.map { try table.type($0) }
        }
        #expect(try types(try minimal.encode()) == types(try Files.read(output)))
    }

    @Test("An archive in an object is found again by release and machine")
    func embedded() throws {
        let object = try CompiledC.object(
            "SEC(\"xdp\") int drop(void *c) { return 1; } char l[] SEC(\"license\") = \"GPL\";")
        var current = object
        for round in 1...2 {
            let kernels = [
                EmbeddedKernelTypes.Kernel(release: "5.4.0-1", architecture: "x86_64", types: [1, 2, 3]),
                EmbeddedKernelTypes.Kernel(release: "5.4.0-1", architecture: "aarch64", types: [UInt8(round), 5]),
            ]
            current = OwnedBytes(try EmbeddedKernelTypes.embed(kernels, in: current))
            let types = try #require(try ObjectSpec(current, name: "embedded").kernelTypes)
            #expect(types.names == ["5.4.0-1/x86_64", "5.4.0-1/aarch64"])
            #expect(types.types(release: "5.4.0-1", architecture: "x86_64")?.array == [1, 2, 3])
            #expect(types.types(release: "5.4.0-1", architecture: "aarch64")?.array == [UInt8(round), 5])
            #expect(types.types(release: "5.4.0-2", architecture: "x86_64") == nil)
        }
    }
}
