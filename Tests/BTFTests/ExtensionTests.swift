// SPDX-License-Identifier: Apache-2.0

import BTF
import Bytes
import Testing

@Suite("Information about code (.BTF.ext)")
struct ExtensionTests {
    private struct Fixture {
        var builder: BTFBuilder
        let order: ByteOrder
        /// Bytes that each record has in addition to those that are known.
        var extra = 0
        var headerLength = 32
        var kind: UInt32 = 5

        init(order: ByteOrder) {
            self.order = order
            builder = BTFBuilder(order: order)
            builder.add(.integer(BTFInteger(name: "int", size: 4)))
        }

        func bytes() throws -> (bytes: [UInt8], table: BTFTable) {
            var builder = self.builder
            let section = try builder.addString("xdp")
            let file = try builder.addString("a.c")
            let line = try builder.addString("return 1;")
            let access = try builder.addString("0:1")
            func list(_ records: [[UInt32]]) -> [UInt8] {
                var bytes: [UInt8] = []
                bytes.append(UInt32(records[0].count * 4 + extra), order: order)
                bytes.append(section, order: order)
                bytes.append(UInt32(records.count), order: order)
                for record in records {
                    for word in record { bytes.append(word, order: order) }
                    bytes += [UInt8](repeating: 0xaa, count: extra)
                }
                return bytes
            }
            let functions = list([[0, 1], [16, 1]])
            let lines = list([[0, file, line, 7 << 10 | 3]])
            let relocations = list([[8, 1, access, kind]])
            var bytes: [UInt8] = []
            bytes.append(UInt16(0xeb9f), order: order)
            bytes += [1, 0]
            let words = [
                headerLength, 0, functions.count, functions.count, lines.count, functions.count + lines.count,
                relocations.count,
            ]
            for word in words { bytes.append(UInt32(word), order: order) }
            bytes = Array(bytes.prefix(headerLength))
            bytes += [UInt8](repeating: 0, count: headerLength - bytes.count)
            bytes += functions + lines + relocations
            return (bytes, try BTFTable(OwnedBytes(try builder.encode())))
        }

        func read() throws -> BTFExtension {
            let (bytes, table) = try bytes()
            return try BTFExtension(OwnedBytes(bytes), table: table)
        }
    }

    @Test("Functions, lines and relocations, in both byte orders, with longer records and headers")
    func reading() throws {
        for order in [ByteOrder.little, .big] {
            for (extra, headerLength) in [(0, 32), (8, 40)] {
                var fixture = Fixture(order: order)
                fixture.extra = extra
                fixture.headerLength = headerLength
                let result = try fixture.read()
                #expect(result.functionInformation.map(\.sectionName) == ["xdp"])
                #expect(result.functionInformation[0].records.map(\.instructionOffset) == [0, 16])
                let line = result.lineInformation[0].records[0]
                #expect(line.line == 7)
                #expect(line.column == 3)
                #expect(
                    result.coreRelocations[0].records == [
                        CORERelocation(
                            instructionOffset: 8, type: BTFTypeID(1), accessString: "0:1", kind: .fieldRightShift)
                    ])
            }
        }
    }

    @Test("An old header of 24 bytes has no relocations")
    func shortHeader() throws {
        var fixture = Fixture(order: .little)
        fixture.headerLength = 24
        let result = try fixture.read()
        #expect(result.lineInformation.count == 1)
        #expect(result.coreRelocations.isEmpty)
    }

    @Test("Shorter records, unknown relocations and another byte order are refused")
    func refusals() throws {
        #expect(
            errorCode {
                var (bytes, table) = try Fixture(order: .little).bytes()
                bytes.store(UInt32(4), at: 32, order: .little)
                _ = try BTFExtension(OwnedBytes(bytes), table: table)
            } == .unsupported)
        #expect(
            errorCode {
                var fixture = Fixture(order: .little)
                fixture.kind = 13
                _ = try fixture.read()
            } == .unsupported)
        #expect(
            errorCode {
                let (bytes, _) = try Fixture(order: .little).bytes()
                let (_, table) = try Fixture(order: .big).bytes()
                _ = try BTFExtension(OwnedBytes(bytes), table: table)
            } == .malformed)
    }

    @Test("A way to a field, or the name of a section, that is longer than any is refused")
    func longStrings() throws {
        let long = String(repeating: "0:", count: 1000)
        for (section, access) in [(long, "0"), ("xdp", long)] {
            var builder = BTFBuilder(order: .little)
            var encoder = BTFExtensionEncoder()
            let relocation = CORERelocation(
                instructionOffset: 0, type: BTFTypeID(1), accessString: access, kind: .fieldExists)
            encoder.relocations = [BTFExtensionSection(sectionName: section, records: [relocation])]
            let bytes = OwnedBytes(try encoder.encode(strings: &builder))
            let table = try BTFTable(OwnedBytes(try builder.encode()))
            #expect(errorCode { _ = try BTFExtension(bytes, table: table) } == .tooLarge)
        }
    }

    @Test("Damage at every byte gives an error or an answer")
    func damaged() throws {
        let (bytes, table) = try Fixture(order: .little).bytes()
        for count in bytes.indices {
            #expect(throws: BTFError.self) {
                try BTFExtension(OwnedBytes(Array(bytes[..<count])), table: table)
            }
            for value: UInt8 in [0, 1, 0x7f, 0xff] {
                var damaged = bytes
                damaged[count] = value
                _ = try? BTFExtension(OwnedBytes(damaged), table: table)
            }
        }
    }
}
