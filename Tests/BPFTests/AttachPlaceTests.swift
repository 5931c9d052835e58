// SPDX-License-Identifier: Apache-2.0

import Linux
import Testing

@testable import BPF

@Suite("Places to attach to")
struct AttachPlaceTests {
    @Test(
        "A netfilter hook is read and written",
        arguments: [
            ("input", "ipv4/input"), ("ipv4/prerouting", "ipv4/prerouting"), ("ipv6/output", "ipv6/output"),
            ("forward", "ipv4/forward"), ("ipv6/postrouting", "ipv6/postrouting"),
        ])
    func netfilter(text: String, expected: String) {
        #expect(NetfilterPlace(text)?.description == expected)
    }

    @Test("What is no netfilter hook is refused", arguments: ["", "in", "ipv5/input", "ipv4/", "ipv4/ipv6/input", "/"])
    func noNetfilter(text: String) {
        #expect(NetfilterPlace(text) == nil)
    }

    @Test("An order is what bpf.h calls it")
    func order() {
        #expect(AttachOrder().flags == 0)
        #expect(AttachOrder(.first).flags == 1 << 3)
        #expect(AttachOrder(.last).flags == 1 << 4)
        #expect(AttachOrder(.before(.program(id: 7))).flags == 1 << 3 | 1 << 5)
        #expect(AttachOrder(.after(.link(id: 7))).flags == 1 << 4 | 1 << 5 | 1 << 13)
        #expect(AttachOrder(.after(.link(id: 7))).relative == 7)
    }

    @Test(
        "A range of addresses is read and written",
        arguments: [
            ("10.1.0.0/16", "10.1.0.0/16"), ("192.0.2.1", "192.0.2.1/32"), ("2001:db8::/32", "2001:db8::/32"),
            ("::1", "::1/128"), ("0.0.0.0/0", "0.0.0.0/0"),
        ])
    func prefix(text: String, expected: String) {
        #expect(InternetPrefix(text)?.description == expected)
    }

    @Test(
        "What is no range of addresses is refused",
        arguments: ["", "10.1", "10.0.0.0/33", "::/129", "10.0.0.0/", "a/8", "1/2/3"])
    func noPrefix(text: String) {
        #expect(InternetPrefix(text) == nil)
    }

    @Test("A name tells whether its maker is gone")
    func owner() throws {
        let mine = OwnedName.of("count")
        #expect(!OwnedName.isAbandoned(mine))
        // The same process number with another start is a process that ended.
        var parts = mine.split(separator: ":").map(String.init)
        parts[3] = "1"
        #expect(OwnedName.isAbandoned(parts.joined(separator: ":")))
        #expect(OwnedName.isAbandoned(parts.joined(separator: ":") + ":12"))
        // In another process namespace nobody can tell.
        parts[1] = "1"
        #expect(!OwnedName.isAbandoned(parts.joined(separator: ":")))
        for name in ["", "skep", "count.o:[tc]", "skep:x:1:1:count", "skep:1:1:count"] {
            #expect(!OwnedName.isAbandoned(name))
        }
        #expect(OwnedName.of(String(repeating: "x", count: 1000)).utf8.count < 256)
    }

    @Test(
        "Memory for frames keeps to the kernel's rules",
        arguments: [(0, 2048, 0), (16, 1024, 0), (16, 3000, 0), (1 << 20, 2048, 0), (16, 2048, -1), (16, 2048, 2048)])
    func memory(frames: Int, size: Int, headroom: Int) {
        #expect(throws: BPFError.self) { try UserMemory(frameCount: frames, frameSize: size, headroom: headroom) }
    }
}
