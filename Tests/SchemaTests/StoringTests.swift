// SPDX-License-Identifier: Apache-2.0

import BTF
import Bytes
import Diagnostics
import Schema
import Testing

@Suite("Text to bytes")
struct StoringTests {
    private static func schema() throws -> RowSchema {
        let types = TypeFixture()
        let u32 = types.integer("unsigned int", 4)
        let s32 = types.integer("int", 4, signed: true)
        let u64 = types.integer("unsigned long long", 8)
        let byte = types.integer("unsigned char", 1)
        let char = types.integer("char", 1, signed: true)
        let mode = types.enumeration("mode", [("MODE_FAST", 0), ("MODE_SLOW", 7)])
        let limits = types.structure("limits", 16, [("min_us", u64, 0), ("max", s32, 8)])
        return try types.schema(
            types.structure(
                "settings", 120,
                [
                    ("pid", u32, 0), ("level", s32, 4), ("limits", limits, 8), ("name", types.array(char, 8), 24),
                    ("on", types.boolean(), 32), ("small", byte, 33), ("kind", mode, 36), ("saddr", u32, 40),
                    ("addr6", types.typedef("unused", types.array(byte, 16)), 44), ("mac", types.array(byte, 6), 60),
                    ("list", types.array(u32, 3), 68), ("sig", s32, 80), ("ret", s32, 84),
                    ("load", types.builder.add(.float(BTFFloat(name: "double", size: 8))), 88),
                    ("key", types.array(byte, 4), 96), ("dev", u32, 100), ("nr", u32, 104),
                ]))
    }

    @Test(
        "texts are stored and read back",
        arguments: [
            ("pid", "0x10", "16"), ("pid", "4294967295", "4294967295"), ("level", "-5", "-5"),
            ("limits.min_us", "10", "10"), ("limits.min_us", "1.5ms", "1500"), ("min_us", "2s", "2000000"),
            ("limits.max", "0b101", "5"), ("name", "eth0", "\"eth0\""), ("on", "true", "true"), ("on", "0", "false"),
            ("small", "255", "255"), ("kind", "MODE_SLOW", "MODE_SLOW"), ("kind", "slow", "MODE_SLOW"),
            ("kind", "3", "3"), ("saddr", "10.1.2.3", "10.1.2.3"),
            ("addr6", "2001:db8::1", "20010db8000000000000000000000001"),
            ("mac", "02:00:5e:10:00:ff", "02005e1000ff"), ("list", "1,2", "[1, 2, 0]"), ("sig", "SIGKILL", "9"),
            ("ret", "-ENOENT", "-2"), ("load", "1.25", "1.25"), ("key", "0xdeadbeef", "deadbeef"),
            ("key", "1,2,3", "01020300"), ("dev", "8:1", "8388609"),
        ])
    func stores(field: String, text: String, expected: String) throws {
        let schema = try Self.schema()
        var bytes = [UInt8](repeating: 0, count: schema.size)
        // Names that rules do not know keep bytes as hex, so the address needs its meaning said.
        if field == "addr6" { return try storesAddress(text) }
        try schema.store(text, at: field, into: &bytes)
        #expect(schema.value(of: field, in: bytes)?.description == expected)
    }

    private func storesAddress(_ text: String) throws {
        let types = TypeFixture()
        let six = types.array(types.integer("unsigned char", 1), 16)
        let schema = try types.schema(six, name: "filter_v6", meanings: ["filter_v6": .internetAddress])
        #expect(schema.value(of: 0, in: OwnedBytes(try schema.bytes(from: text)).span)?.description == text)
        #expect(try schema.bytes(from: "10.0.0.1").prefix(5) == [10, 0, 0, 1, 0])
    }

    @Test(
        "texts that do not fit are refused and change nothing",
        arguments: [
            ("pid", "-1"), ("pid", "4294967296"), ("pid", "ten"), ("pid", ""), ("pid", "0x"), ("pid", "1--2"),
            ("level", "2147483648"), ("name", "much too long"), ("name", "12345678"), ("on", "maybe"), ("on", "2"),
            ("small", "256"), ("kind", "MODE_NONE"), ("saddr", "10.1.2"), ("saddr", "::1"), ("mac", "02:00"),
            ("list", "1,2,3,4"), ("list", "1,x"), ("sig", "SIGNONE"), ("load", "fast"), ("key", "0x0102030405"),
            ("limits", "1"), ("limits.min_us", "10 parsecs"), ("nothing", "1"),
            ("pid", "170141183460469231731687303715884105728"),
        ])
    func refuses(field: String, text: String) throws {
        let schema = try Self.schema()
        var bytes = [UInt8](repeating: 7, count: schema.size)
        let error = #expect(throws: SchemaError.self) { try schema.store(text, at: field, into: &bytes) }
        #expect(error?.failure == .usage)
        #expect(bytes == [UInt8](repeating: 7, count: schema.size))
    }

    @Test("bytes that end too early are refused")
    func tooShort() throws {
        let schema = try Self.schema()
        var bytes = [UInt8](repeating: 0, count: 10)
        #expect(throws: SchemaError.self) { try schema.store("1", at: "sig", into: &bytes) }
    }

    @Test("a map's key is written as its fields, or as one value")
    func keys() throws {
        let types = TypeFixture()
        let u16 = types.integer("unsigned short", 2)
        let port = types.typedef("__be16", u16)
        let key = types.structure("flow", 8, [("saddr", types.integer("unsigned int", 4), 0), ("dport", port, 4)])
        #expect(try types.schema(key).bytes(from: "saddr=10.0.0.1,dport=443") == [10, 0, 0, 1, 1, 0xbb, 0, 0])
        #expect(try types.schema(u16, name: "key").bytes(from: "258") == [2, 1])
        #expect(throws: SchemaError.self) { try types.schema(key).bytes(from: "443") }
    }

    @Test(
        "addresses read and print alike",
        arguments: [
            "0.0.0.0", "255.255.255.255", "::", "::1", "fe80::1", "2001:db8::8:800:200c:417a", "::ffff:192.0.2.1",
            "1:0:0:2::3", "1:2:3:4:5:6:7:8", "1::", "1:2:3:4:5::",
        ])
    func addresses(text: String) {
        #expect(InternetAddress(text)?.description == text)
    }

    @Test(
        "what is no address is none",
        arguments: [
            "", "1.2.3", "1.2.3.256", "1.2.3.4.5", ":::", "1:2:3", "g::", "1:2:3:4:5:6:7:8:9", "::1::", "+1::",
            "1.2.3.+4", "1:", "1:2:", ":1", ":1:2:3:4:5:6:7", "1:2:3:4:5:6:7:", "1:2:3:4:5:6:7:8::", "1::2::3",
            "::1.2.3.4:5", "1.2.3.4::",
        ])
    func wrongAddresses(text: String) {
        #expect(InternetAddress(text) == nil)
    }

    @Test("numbers have their names, and names their numbers")
    func names() {
        #expect(NameTable.errorNumbers.name(of: 2) == "ENOENT")
        #expect(NameTable.errorNumbers.value(of: "ENOTSUPP") == 524)
        #expect(NameTable.signals.name(of: 9) == "SIGKILL")
        #expect(NameTable.tcpStates.value(of: "TCP_LISTEN") == 10)
        #expect(NameTable.addressFamilies.name(of: 10) == "AF_INET6")
        #expect(NameTable.x86Syscalls.name(of: 257) == "openat")
        #expect(NameTable.x86Syscalls.name(of: 450) == "set_mempolicy_home_node")
        #expect(NameTable.arm64Syscalls.value(of: "openat") == 56)
        #expect(NameTable.arm64Syscalls.name(of: 79) == "newfstatat")
        #expect(NameTable.x86Syscalls.name(of: 100_000) == nil)
        #expect(NameTable.x86Syscalls.name(of: -1) == nil)
        #expect(OpenFlags.text(of: 0o2000000) == "O_RDONLY|O_CLOEXEC")
        #expect(OpenFlags.text(of: 0o1101) == "O_WRONLY|O_CREAT|O_TRUNC")
    }
}
