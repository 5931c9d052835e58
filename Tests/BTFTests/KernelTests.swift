// SPDX-License-Identifier: Apache-2.0

import BTF
import Bytes
import Linux
import TestSupport
import Testing

@Suite("The running kernel's types", .enabled(if: TableFixture.kernel != nil))
struct KernelTests {
    private static let peer = CompiledC.tool("bpftool") ?? "/usr/sbin/bpftool"

    @Test(
        "Every type has the kind, name and size that bpftool prints",
        .enabled(if: Files.exists(peer), "needs bpftool"))
    func bpftool() throws {
        let kernel = try #require(TableFixture.kernel)
        let output = try CompiledC.run(Self.peer, ["btf", "dump", "file", "/sys/kernel/btf/vmlinux"])
        var compared = 0
        for text in output.split(separator: "\n") where text.hasPrefix("[") {
            let words = text.split(separator: " ")
            let id = BTFTypeID(try #require(UInt32(words[0].dropFirst().dropLast())))
            guard let kind = kernel.kind(id), kind.kernelName == words[1] else {
                Issue.record("\(text): the kind is \(String(describing: kernel.kind(id)))")
                continue
            }
            let quoted = text.split(separator: "'", omittingEmptySubsequences: false)
            let name = quoted.count > 1 ? String(quoted[1]).replacing("(anon)", with: "") : ""
            if try kernel.name(id) != name { Issue.record("\(text): the name is \(try kernel.name(id))") }
            if let size = words.first(where: { $0.hasPrefix("size=") }), kind != .variable,
                try kernel.size(of: id) != Int(size.dropFirst(5))
            {
                Issue.record("\(text): the size is \(try kernel.size(of: id))")
            }
            compared += 1
        }
        #expect(compared == kernel.typeCount - 1)
    }

    @Test("The kernel's table written again is the same table")
    func roundTrip() throws {
        let kernel = try #require(TableFixture.kernel)
        let again = try BTFTable(OwnedBytes(try BTFBuilder(copying: kernel).encode()))
        #expect(again.typeCount == kernel.typeCount)
        for raw in stride(from: UInt32(1), to: UInt32(kernel.typeCount), by: 37) {
            #expect(try again.type(BTFTypeID(raw)) == kernel.type(BTFTypeID(raw)))
        }
    }

    @Test("A type found by name is that type")
    func names() throws {
        let kernel = try #require(TableFixture.kernel)
        for name in ["task_struct", "file", "sk_buff", "inode", "cgroup", "bpf_prog", "pid", "mm_struct", "cred"] {
            let id = try #require(kernel.firstID(named: name, kind: .structure))
            #expect(try kernel.type(id).name == name)
            #expect(kernel.ids(essentiallyNamed: name).contains(id))
        }
    }
}
