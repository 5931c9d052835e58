// SPDX-License-Identifier: Apache-2.0

import Bytes
import DWARF
import ELF
import TestSupport
import Testing

@Suite("Variables", .enabled(if: CompiledC.isPossible, "needs clang"))
struct VariableTests {
    /// The offsets in a section of all calls of a helper.
    private func calls(_ helper: Int32, in section: ELFSection, of file: ELFFile) throws -> [UInt64] {
        let code = try file.contents(of: section)
        var found: [UInt64] = []
        for offset in stride(from: 0, to: code.count, by: 8) {
            let opcode: UInt8? = code.span.integer(at: offset, as: UInt8.self, order: .little)
            let immediate: Int32? = code.span.integer(at: offset + 4, as: Int32.self, order: file.order)
            if opcode == 0x85, immediate == helper { found.append(UInt64(offset)) }
        }
        return found
    }

    /// The places of a call's result, as a caller finds them: r0, and each register that it is copied to.
    private func places(after call: UInt64, in section: ELFSection, of file: ELFFile) throws -> [DWARFRegisterPlace] {
        var places = [DWARFRegisterPlace(offset: call + 8, register: 0)]
        let code = try file.contents(of: section)
        let at = Int(call) + 8
        let opcode: UInt8? = code.span.integer(at: at, as: UInt8.self, order: .little)
        let registers: UInt8? = code.span.integer(at: at + 1, as: UInt8.self, order: .little)
        if opcode == 0xbf, let registers {
            let destination = file.order == .little ? registers & 0xf : registers >> 4
            places.append(DWARFRegisterPlace(offset: call + 16, register: Int(destination)))
        }
        return places
    }

    @Test("finds the event that holds the result of a reservation", arguments: ["bpfel", "bpfeb"], [4, 5])
    func reservedEvent(target: String, version: Int) throws {
        let file = try TestProgram.file(target, version: version)
        let information = try DWARFInformation(file)
        for (name, expected) in [("tp/one", ["e"]), ("tp/two", ["fresh", "kept"])] {
            let section = try #require(file.section(named: name))
            let call = try #require(try calls(131, in: section, of: file).first)
            let found = try information.variables(
                inSection: section.index, holding: places(after: call, in: section, of: file))
            #expect(!found.isEmpty)
            #expect(found.allSatisfy { expected.contains($0.name) })
            let summary = try information.summary(of: #require(found.first).type)
            #expect(summary.shape == .pointerToComposite && summary.name == "event" && summary.size == 104)
        }
    }

    @Test("finds the stack object that is sent to a perf buffer", arguments: ["bpfel", "bpfeb"], [4, 5])
    func stackEvent(target: String, version: Int) throws {
        let file = try TestProgram.file(target, version: version)
        let information = try DWARFInformation(file)
        let section = try #require(file.section(named: "tp/two"))
        let call = try #require(try calls(25, in: section, of: file).first)
        for (size, frame) in [(16, nil), (16, 16), (nil, 16), (nil, nil)] as [(UInt64?, UInt64?)] {
            let found = try information.stackVariables(
                inSection: section.index, at: call, displacement: -16, size: size, frameSize: frame)
            #expect(found.map(\.name) == ["s"])
        }
        #expect(
            try information.stackVariables(inSection: section.index, at: call, displacement: -24, size: 8).isEmpty)
        let found = try information.stackVariables(inSection: section.index, at: call, displacement: -16)
        let variable = try #require(found.first)
        #expect(try information.summary(of: variable.type).name == "small_t")
        #expect(variable.line == 47 && variable.file?.hasSuffix("/test.bpf.c") == true && variable.function == "two")
    }

    @Test("tells several stack objects apart, also when parts of them are constants", arguments: [4, 5])
    func severalStackObjects(version: Int) throws {
        let source = """
            typedef unsigned long long u64;
            static long (*out)(void *c, void *m, u64 f, void *d, u64 s) = (void *)25;
            static u64 (*pid)(void) = (void *)14;
            static void *(*look)(void *map, const void *key) = (void *)1;
            struct { int a; } m __attribute__((section(".maps")));
            struct first { u64 x; char c[13]; };
            struct second { int q, r, z; };
            __attribute__((section("x"))) int f(void *ctx) {
                struct first one = {};
                struct second two = {};
                int key = pid();
                u64 a = pid(), b = pid(), c = pid(), d = pid(), e = pid();
                one.x = pid();
                two.q = one.x;
                out(ctx, &m, a, &one, sizeof one);
                out(ctx, &m, b, &two, sizeof two);
                out(ctx, &m, c, &two, sizeof two);
                look(&m, &key);
                return d + e + key;
            }
            """
        let file = try ELFFile(TestProgram.object(of: source, ["-gdwarf-\(version)"]))
        let information = try DWARFInformation(file)
        let section = try #require(file.section(named: "x"))
        let call = try #require(try calls(1, in: section, of: file).first)
        // Where each object is relative to r10 comes from the code: the highest is 24 bytes long, then 12, then the key.
        func names(_ displacement: Int64, _ size: UInt64?, frame: UInt64?) throws -> [String] {
            try information.stackVariables(
                inSection: section.index, at: call, displacement: displacement, size: size, frameSize: frame
            ).map(\.name)
        }
        let code = try file.contents(of: section)
        var deepest: Int64 = 0
        for offset in stride(from: 0, to: code.count, by: 8) {
            let opcode: UInt8? = code.span.integer(at: offset, as: UInt8.self, order: .little)
            let registers: UInt8? = code.span.integer(at: offset + 1, as: UInt8.self, order: .little)
            let displacement: Int16? = code.span.integer(at: offset + 2, as: Int16.self, order: .little)
            if let opcode, opcode & 7 == 3, let registers, registers & 0xf == 10, let displacement {
                deepest = min(deepest, Int64(displacement))
            }
        }
        let frame = UInt64((-deepest + 7) / 8 * 8)
        #expect(try names(-24, 24, frame: frame) == ["one"])
        #expect(try names(-36, 12, frame: frame) == ["two"])
        #expect(try names(-40, nil, frame: frame) == ["key"])
        #expect(try names(-24, 24, frame: nil) == ["one"])
        #expect(try names(-36, 12, frame: nil) == ["two"])
    }

    @Test("lists what is visible in inlined functions, innermost first", arguments: [4, 5])
    func inlined(version: Int) throws {
        let file = try TestProgram.file(version: version)
        let information = try DWARFInformation(file)
        let section = try #require(file.section(named: "tp/one"))
        let call = try #require(try calls(14, in: section, of: file).first)
        let found = try information.variables(inSection: section.index, at: call)
        #expect(found.map(\.name) == ["alias", "target", "x", "e", "ctx"])
        #expect(found.map(\.function) == ["fill", "fill", "fill", "one", "one"])
        #expect(found.map(\.isParameter) == [false, true, true, false, true])
        #expect(try information.variables(inSection: section.index, at: 1 << 40).isEmpty)
        #expect(try information.variables(inSection: nil, at: call).isEmpty)
    }

    @Test("lists global variables with their section and declaration", arguments: ["bpfel", "bpfeb"], [4, 5])
    func globals(target: String, version: Int) throws {
        let file = try TestProgram.file(target, version: version)
        let information = try DWARFInformation(file)
        let globals = try information.globalVariables()
        let minimum = try #require(globals.first { $0.name == "min_us" })
        #expect(minimum.isExternal && minimum.line == 29)
        #expect(minimum.file?.hasPrefix("/") == true && minimum.file?.hasSuffix("/test.bpf.c") == true)
        #expect(minimum.address?.section == file.section(named: ".rodata")?.index)
        let symbol = try #require(try file.symbols().first { $0.name == "min_us" })
        #expect(minimum.address?.value == symbol.value)
        guard case .const(let inner) = try information.type(minimum.type) else {
            Issue.record("min_us is not const")
            return
        }
        guard case .volatile = try information.type(inner) else {
            Issue.record("min_us is not volatile")
            return
        }
        let counter = try #require(globals.first { $0.name == "counter" })
        #expect(!counter.isExternal && counter.address?.section == file.section(named: ".bss")?.index)
        let events = try #require(globals.first { $0.name == "events" })
        #expect(events.address?.section == file.section(named: ".maps")?.index)
    }

    @Test("lists functions with their code", arguments: [4, 5])
    func functions(version: Int) throws {
        let file = try TestProgram.file(version: version)
        let information = try DWARFInformation(file)
        let functions = try information.functions()
        #expect(Set(functions.map(\.name)) == ["one", "two", "three"])
        let symbols = try file.symbols()
        for function in functions {
            let symbol = try #require(symbols.first { $0.name == function.name })
            #expect(function.ranges.map(\.section) == [symbol.sectionIndex])
            #expect(function.ranges.map(\.start) == [symbol.value])
            #expect(function.ranges.map(\.end) == [symbol.value + symbol.size])
        }
    }
}
