// SPDX-License-Identifier: Apache-2.0

import Bytes
import Linux
import TestSupport

/// A bpffs of the tests' own with one program and its map, loaded by `bpftool`; all of it goes with this value.
struct LiveFixture: ~Copyable {
    static let isAvailable = KernelAccess.isAvailable && Files.isExecutable("/usr/sbin/bpftool")

    private let folder: TemporaryFolder

    init() throws {
        let folder = try TemporaryFolder()
        let object = try CompiledC.object(
            """
            typedef unsigned int u32;
            struct pair { u32 a; char name[8]; };
            struct { __uint(type, 1); __uint(max_entries, 4); __type(key, u32); __type(value, struct pair); } live_pairs SEC(".maps");
            #line 1 "live.bpf.c"
            SEC("xdp") int packets(void *context) {
                u32 key = 1;
                return bpf_map_lookup_elem(&live_pairs, &key) ? 1 : 2;
            }
            char LICENSE[] SEC("license") = "GPL";
            """)
        do {
            try Files.write(Array(object.array), to: folder.path + "/live.o")
            try Files.makeDirectory(folder.path + "/bpffs")
            try BPFFileSystem.mount(at: folder.path + "/bpffs")
            let root = folder.path + "/bpffs"
            _ = try Self.run(
                ["prog", "loadall", folder.path + "/live.o", root + "/programs", "pinmaps", root + "/maps"])
        } catch {
            try? BPFFileSystem.unmount(folder.path + "/bpffs")
            try? Directory.remove(folder.path + "/bpffs")
            folder.remove()
            throw error
        }
        self.folder = folder
    }

    deinit {
        try? BPFFileSystem.unmount(folder.path + "/bpffs")
        try? Directory.remove(folder.path + "/bpffs")
        folder.remove()
    }

    /// A path below the bpffs.
    func path(_ name: String) -> String { folder.path + "/bpffs/" + name }

    /// Runs `bpftool`.
    func bpftool(_ arguments: [String]) throws -> String { try Self.run(arguments) }

    private static func run(_ arguments: [String]) throws -> String {
        let result = try ChildProcess.run(ChildProcess.Command("/usr/sbin/bpftool", arguments), timeLimit: 30_000)
        return String(decoding: result.output, as: UTF8.self)
    }
}
