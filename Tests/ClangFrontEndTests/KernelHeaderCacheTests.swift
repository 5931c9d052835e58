// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization
import Testing

@testable import ClangFrontEnd

@Suite("The kernel's header")
struct KernelHeaderCacheTests {
    @Test("it is made once for each kernel")
    func once() throws {
        let place = try Workplace()
        let calls = Counter()
        let temporary = place.path + "/temporary"
        for key in ["one", "one", "two"] {
            let cache = KernelHeaderCache(folder: place.path + "/cache", key: key) {
                calls.increment()
                return "int \(key);\n"
            }
            #expect(try cache.folder(otherwise: temporary) == place.path + "/cache/vmlinux/" + key)
        }
        #expect(calls.value == 2)
        let text = try System.contents(place.path + "/cache/vmlinux/one/vmlinux.h", limit: 1000)
        #expect(String(decoding: text, as: UTF8.self).contains("#define SKEP_VMLINUX_H\n#endif\nint one;\n"))
        #expect(place.names(in: "cache/vmlinux/one") == ["vmlinux.h"])
    }

    @Test("a cache that others can write to is not trusted, nor one that cannot be made")
    func untrusted() throws {
        let place = try Workplace()
        try place.write("cache/vmlinux/k/vmlinux.h", "int evil;\n")
        chmod(place.path + "/cache", 0o777)
        try place.write("temporary/x", "")
        for folder in [place.path + "/cache", "/proc/nowhere", nil] {
            let cache = KernelHeaderCache(folder: folder, key: "k") { "int good;\n" }
            let found = try cache.folder(otherwise: place.path + "/temporary")
            #expect(found == place.path + "/temporary")
        }
        let text = try System.contents(place.path + "/temporary/vmlinux.h", limit: 1000)
        #expect(String(decoding: text, as: UTF8.self).contains("int good;"))
    }

    @Test("concurrent runs see a whole header or none")
    func concurrent() async throws {
        let place = try Workplace()
        let body = String(repeating: "int x;\n", count: 20_000)
        let folder = place.path + "/cache"
        let cache = KernelHeaderCache(folder: folder, key: "k") { body }
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let found = try cache.folder(otherwise: "/nowhere")
                    return try System.contents(found + "/vmlinux.h", limit: 1 << 20).count
                }
            }
            for try await count in group { #expect(count > body.utf8.count) }
        }
        #expect(place.names(in: "cache/vmlinux/k") == ["vmlinux.h"])
    }

    @Test("the failure to print the types is told with its cause")
    func failure() throws {
        struct Broken: Error {}
        let cache = KernelHeaderCache(folder: nil, key: "k") { throw Broken() }
        let error = try #require(throws: ClangError.self) { try cache.folder(otherwise: "/tmp") }
        #expect(error.code == .kernelHeader)
        #expect(error.cause is Broken)
    }

    @Test("the kernel's key is a file name and depends on the revision of the printer")
    func key() {
        let key = KernelHeaderCache.runningKernel(revision: 1)
        #expect(key == KernelHeaderCache.runningKernel(revision: 1))
        #expect(key != KernelHeaderCache.runningKernel(revision: 2))
        #expect(!key.contains("/"))
    }
}

/// A number that tasks count up.
private final class Counter: Sendable {
    private let count = Mutex(0)
    var value: Int { count.withLock { $0 } }
    func increment() { count.withLock { $0 += 1 } }
}
