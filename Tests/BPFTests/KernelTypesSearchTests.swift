// SPDX-License-Identifier: Apache-2.0

import BTF
import Bytes
import Diagnostics
import Linux
import Testing

@testable import BPF

@Suite("Types of kernels are found where they are")
struct KernelTypesSearchTests {
    private let folder: TemporaryFolder
    private let search: KernelTypesSearch

    init() throws {
        folder = try TemporaryFolder()
        search = KernelTypesSearch(root: folder.path, release: "5.4.0-1-test", architecture: "x86_64")
    }

    private static func types(_ name: String) throws -> [UInt8] {
        var builder = BTFBuilder(order: .host)
        builder.add(.structure(BTFComposite(name: name, size: 0, members: [])))
        return try builder.encode()
    }

    private func put(_ name: String, at path: String) throws {
        let full = folder.path + path
        var parent = ""
        for part in full.split(separator: "/").dropLast() {
            parent += "/" + part
            if !Files.exists(parent) { try Files.makeDirectory(parent, mode: 0o755) }
        }
        try Files.write(Self.types(name), to: full)
    }

    @Test("a kernel that shows none has them in a file, and the first place of the list wins")
    func order() throws {
        defer { folder.remove() }
        #expect(throws: BPFError.self) { try KernelTypes(search: search).core() }
        try put("second", at: "/usr/lib/debug/lib/modules/5.4.0-1-test/vmlinux")
        let later = KernelTypes(search: search)
        #expect(try later.core().firstID(named: "second") != nil)
        #expect(later.foreignSource?.hasSuffix("modules/5.4.0-1-test/vmlinux") == true)
        #expect(!later.isRunning)
        try put("first", at: "/boot/vmlinux-5.4.0-1-test")
        #expect(try KernelTypes(search: search).core().firstID(named: "first") != nil)
        try put("shown", at: "/sys/kernel/btf/vmlinux")
        #expect(try KernelTypes(search: search).core().firstID(named: "shown") != nil)
    }

    @Test("a folder for many kernels is searched by the system's name, its version and the kernel's release")
    func archive() throws {
        defer { folder.remove() }
        try put("", at: "/etc/os-release")
        try Files.write(
            Array("NAME=\"Some\"\nID=ubuntu\nVERSION_ID=\"20.04\"\n".utf8), to: folder.path + "/etc/os-release")
        let archive = folder.path + "/archive"
        try put("mine", at: "/archive/ubuntu/20.04/x86_64/5.4.0-1-test.btf")
        try put("other", at: "/archive/ubuntu/20.04/arm64/5.4.0-1-test.btf")
        #expect(try KernelTypes(path: archive, search: search).core().firstID(named: "mine") != nil)
        var arm = search
        arm.architecture = "aarch64"
        #expect(try KernelTypes(path: archive, search: arm).core().firstID(named: "other") != nil)
        var packed = search
        packed.release = "5.4.0-2-test"
        try put("packed", at: "/archive/ubuntu/20.04/x86_64/5.4.0-2-test.btf.tar.xz")
        do throws(BPFError) {
            _ = try KernelTypes(path: archive, search: packed).core()
            Issue.record("a packed file was read")
        } catch {
            #expect(error.hint?.contains("tar -C") == true)
        }
    }

    @Test("an object's own copy is chosen by the exact release, and damaged ones are no trap")
    func embedded() throws {
        defer { folder.remove() }
        var bytes: [UInt8] = []
        for name in ["5.4.0-1/x86_64", "5.4.0-12/x86_64"] {
            let types = try Self.types(name)
            bytes += Array("SKMB".utf8)
            bytes.append(UInt32(name.utf8.count), order: .little)
            bytes.append(UInt32(types.count), order: .little)
            bytes += Array(name.utf8) + types
            while bytes.count % 8 != 0 { bytes.append(0) }
        }
        let embedded = EmbeddedKernelTypes(OwnedBytes(bytes), order: .little)
        #expect(embedded.names == ["5.4.0-1/x86_64", "5.4.0-12/x86_64"])
        let found = try #require(embedded.types(release: "5.4.0-12", architecture: "x86_64"))
        #expect(try BTFTable(found).firstID(named: "5.4.0-12/x86_64") != nil)
        #expect(embedded.types(release: "5.4.0", architecture: "x86_64") == nil)
        for length in stride(from: 0, to: bytes.count, by: 3) {
            #expect(EmbeddedKernelTypes(OwnedBytes(Array(bytes[..<length])), order: .little).names.count <= 2)
        }
    }
}
