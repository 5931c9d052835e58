// SPDX-License-Identifier: Apache-2.0

import BTF
import Bytes
import Schema
import Testing

@Suite("Meaning of columns")
struct MeaningTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let type: String
        let shape: FieldDescription.Shape
        let meaning: Meaning
        var owner = "event"
        var siblings: [String] = []
        var testDescription: String { "\(type) \(name) is \(meaning)" }
    }

    static let u32 = FieldDescription.Shape.integer(size: 4, isSigned: false)
    static let s32 = FieldDescription.Shape.integer(size: 4, isSigned: true)
    static let u64 = FieldDescription.Shape.integer(size: 8, isSigned: false)
    static let u16 = FieldDescription.Shape.integer(size: 2, isSigned: false)

    static let cases: [Case] = [
        Case(name: "comm", type: "char", shape: .characters(count: 16), meaning: .command),
        Case(name: "prev_comm", type: "unsigned char", shape: .octets(count: 16), meaning: .command),
        Case(name: "fname", type: "char", shape: .characters(count: 255), meaning: .path),
        Case(name: "data", type: "unsigned char", shape: .octets(count: 512), meaning: .payload),
        Case(name: "mac", type: "unsigned char", shape: .octets(count: 6), meaning: .hardwareAddress),
        Case(name: "saddr", type: "__be32", shape: u32, meaning: .internetAddress),
        Case(name: "daddr", type: "unsigned int", shape: u32, meaning: .internetAddress),
        Case(name: "seq", type: "__be32", shape: u32, meaning: .plain),
        Case(name: "addr", type: "unsigned int", shape: u32, meaning: .plain),
        Case(name: "addr", type: "unsigned int", shape: u32, meaning: .internetAddress, siblings: ["family"]),
        Case(name: "saddr_v6", type: "unsigned char", shape: .octets(count: 16), meaning: .internetAddress),
        Case(name: "saddr", type: "unsigned int", shape: .integers(size: 4, count: 4), meaning: .internetAddress),
        Case(
            name: "daddr", type: "unsigned __int128", shape: .integer(size: 16, isSigned: false),
            meaning: .internetAddress),
        Case(name: "dport", type: "__be16", shape: u16, meaning: .port),
        Case(name: "sport", type: "unsigned short", shape: u16, meaning: .port),
        Case(name: "h_proto", type: "__be16", shape: u16, meaning: .etherType),
        Case(name: "protocol", type: "unsigned short", shape: u16, meaning: .ipProtocol),
        Case(name: "family", type: "unsigned short", shape: u16, meaning: .addressFamily),
        Case(name: "newstate", type: "int", shape: s32, meaning: .tcpState, siblings: ["saddr", "daddr"]),
        Case(name: "state", type: "int", shape: s32, meaning: .plain),
        Case(name: "pid", type: "pid_t", shape: s32, meaning: .processID),
        Case(name: "tid", type: "pid_t", shape: s32, meaning: .threadID),
        Case(name: "uid", type: "unsigned int", shape: u32, meaning: .userID),
        Case(name: "cgroup_id", type: "unsigned long long", shape: u64, meaning: .controlGroup),
        Case(name: "mode", type: "umode_t", shape: u16, meaning: .mode),
        Case(name: "mode", type: "unsigned int", shape: u32, meaning: .plain),
        Case(name: "dev", type: "unsigned int", shape: u32, meaning: .device),
        Case(name: "ts", type: "unsigned long long", shape: u64, meaning: .timestamp(.nanoseconds)),
        Case(name: "ts_us", type: "unsigned long long", shape: u64, meaning: .timestamp(.microseconds)),
        Case(name: "start_ns", type: "unsigned long long", shape: u64, meaning: .timestamp(.nanoseconds)),
        Case(name: "delta_us", type: "unsigned long long", shape: u64, meaning: .duration(.microseconds)),
        Case(name: "min_ms", type: "unsigned int", shape: u32, meaning: .duration(.milliseconds)),
        Case(name: "duration", type: "unsigned long long", shape: u64, meaning: .duration(.nanoseconds)),
        Case(name: "latency", type: "unsigned long long", shape: u64, meaning: .duration(.nanoseconds)),
        Case(name: "ret", type: "int", shape: s32, meaning: .result),
        Case(name: "ret", type: "unsigned int", shape: u32, meaning: .plain),
        Case(name: "sig", type: "int", shape: s32, meaning: .signal),
        Case(name: "syscall_nr", type: "unsigned int", shape: u32, meaning: .syscall),
        Case(name: "flags", type: "int", shape: s32, meaning: .openFlags, siblings: ["fname", "ret"]),
        Case(name: "flags", type: "unsigned int", shape: u32, meaning: .hexadecimal),
        Case(name: "skaddr", type: "unsigned long long", shape: u64, meaning: .address),
        Case(name: "kern_stack_id", type: "int", shape: s32, meaning: .stackID(.kernel)),
        Case(
            name: "kstack", type: "unsigned long long", shape: .integers(size: 8, count: 127), meaning: .stack(.kernel)),
        Case(name: "ustack", type: "unsigned long long", shape: .integers(size: 8, count: 127), meaning: .stack(.user)),
        Case(name: "slots", type: "unsigned int", shape: .integers(size: 4, count: 27), meaning: .histogram),
        Case(name: "total_time_ms", type: "unsigned long long", shape: u64, meaning: .duration(.milliseconds)),
        Case(name: "start_time", type: "unsigned long long", shape: u64, meaning: .timestamp(.nanoseconds)),
        Case(name: "nr", type: "unsigned long long", shape: u64, meaning: .plain),
        Case(name: "desc", type: "char", shape: .characters(count: 6), meaning: .plain),
        Case(name: "bytes", type: "unsigned long long", shape: u64, meaning: .plain),
        Case(name: "count", type: "unsigned long long", shape: u64, meaning: .plain),
        Case(name: "skb", type: "", shape: .pointer, meaning: .address),
    ]

    @Test("names and types say what a column means", arguments: cases)
    func rule(_ sample: Case) {
        let field = FieldDescription(
            name: sample.name, typeNames: [sample.type], shape: sample.shape, owner: sample.owner,
            siblings: sample.siblings)
        #expect(MeaningRules.standard.meaning(of: field) == sample.meaning)
    }

    @Test("every meaning that a user can name is found by its name")
    func namedMeanings() {
        for name in Meaning.allNames { #expect(Meaning(name: name) != nil) }
        #expect(Meaning(name: "duration_us") == .duration(.microseconds))
        #expect(Meaning(name: "nonsense") == nil)
    }

    @Test("a caller's meaning goes before the rules, and an unknown column is refused")
    func overrides() throws {
        let types = TypeFixture()
        let u32 = types.integer("unsigned int", 4)
        let event = types.structure("event", 8, [("nr_pages", u32, 0), ("key", u32, 4)])
        #expect(try types.schema(event, meanings: ["key": .syscall]).meaning(of: "key") == .syscall)
        #expect(
            try types.schema(event, meanings: ["key": .internetAddress]).value(
                of: "key", in: [0, 0, 0, 0, 10, 0, 0, 1])
                == .internetAddress(InternetAddress(version4: 0x0a00_0001)))
        #expect(throws: SchemaError.self) { try types.schema(event, meanings: ["kye": .syscall]) }
    }

    @Test("big-endian types read as big-endian on any machine")
    func networkOrder() throws {
        let types = TypeFixture()
        let u16 = types.integer("unsigned short", 2)
        let port = types.typedef("__be16", types.typedef("__u16", u16))
        let schema = try types.schema(types.structure("event", 4, [("dport", port, 0), ("sport", u16, 2)]))
        #expect(schema.value(of: "dport", in: [0x01, 0xbb, 0, 0]) == .unsigned(443))
        #expect(schema.value(of: "sport", in: [0, 0, 0xbb, 0x01]) == .unsigned(443))
        #expect(schema.columns[0].typeName == "__be16")
    }

    @Test("a family in the row decides what sixteen bytes hold")
    func families() throws {
        let types = TypeFixture()
        let u16 = types.integer("unsigned short", 2)
        let wide = types.integer("unsigned __int128", 16)
        let schema = try types.schema(types.structure("event", 32, [("saddr", wide, 0), ("family", u16, 16)]))
        let expected = try #require(InternetAddress("192.0.2.1"))
        let address: [UInt8] = [192, 0, 2, 1] + [UInt8](repeating: 7, count: 12)
        let rest = [UInt8](repeating: 0, count: 14)
        #expect(
            schema.value(of: "saddr", in: address + [2, 0] + rest) == .internetAddress(expected))
        guard case .internetAddress(let other)? = schema.value(of: "saddr", in: address + [10, 0] + rest) else {
            Issue.record("no address")
            return
        }
        #expect(!other.isVersion4)
    }

    @Test("a union of both kinds of address is one column, called by what its members share")
    func addressUnions() throws {
        let types = TypeFixture()
        let u32 = types.integer("unsigned int", 4)
        let six = types.array(types.integer("unsigned char", 1), 16)
        let anonymous = types.union("", 16, [("saddr_v4", u32, 0), ("saddr_v6", six, 0)])
        let named = types.union("", 16, [("v4", u32, 0), ("v6", six, 0)])
        let schema = try types.schema(
            types.structure("event", 36, [("", anonymous, 0), ("daddr", named, 16), ("af", u32, 32)]))
        #expect(schema.columns.map(\.path) == ["saddr", "daddr", "af"])
        let record: [UInt8] =
            [10, 0, 0, 1] + [UInt8](repeating: 0, count: 12) + [10, 0, 0, 2]
            + [UInt8](repeating: 0, count: 12) + [2, 0, 0, 0]
        #expect(schema.value(of: "saddr", in: record)?.description == "10.0.0.1")
        #expect(schema.value(of: "daddr", in: record)?.description == "10.0.0.2")
    }

    @Test("a length beside a payload limits it")
    func payloads() throws {
        let types = TypeFixture()
        let u32 = types.integer("unsigned int", 4)
        let data = types.array(types.integer("unsigned char", 1), 8)
        let schema = try types.schema(types.structure("event", 12, [("len", u32, 0), ("data", data, 4)]))
        let bytes: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
        #expect(schema.value(of: "data", in: [3, 0, 0, 0] + bytes) == .bytes([1, 2, 3]))
        #expect(schema.value(of: "data", in: [255, 255, 255, 255] + bytes) == .bytes(bytes))
    }
}
