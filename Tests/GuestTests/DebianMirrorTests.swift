// SPDX-License-Identifier: Apache-2.0

import Foundation
import Linux
import Testing

@testable import Guest

/// The mirror is the one that this machine's apt uses.
@Suite struct DebianMirrorTests {
    /// Finds the mirror of a folder like /etc/apt with some files.
    private func find(_ files: [String: String], given: String? = nil) throws -> DebianMirror {
        let folder = try TemporaryFolder()
        defer { try? Directory.removeTree(folder.path) }
        try Files.makeFolders(folder.path + "/sources.list.d")
        for (name, text) in files { try Files.write(Array(text.utf8), to: "\(folder.path)/\(name)") }
        return try DebianMirror.find(given, sources: folder.path)
    }

    @Test("one-line sources are read, with options and without")
    func lines() throws {
        let text = """
            # deb http://commented.example/debian x main
            deb [arch=amd64 signed-by=/x.gpg] http://mirror.example/debian/ bookworm main
            deb-src http://source.example/debian bookworm main
            deb http://secure.example/debian-security bookworm-security main
            """
        let mirror = try find(["sources.list": text])
        #expect(mirror.archive == "http://mirror.example/debian")
        #expect(mirror.security == "http://secure.example/debian-security")
    }

    @Test("stanzas are read, and disabled ones are not")
    func stanzas() throws {
        let text = """
            Types: deb
            URIs: http://off.example/debian
            Suites: bookworm
            Enabled: no

            Types: deb deb-src
            # a comment
            URIs: http://mirror.example/debian
            Suites: bookworm
             bookworm-updates
            """
        let mirror = try find(["sources.list.d/debian.sources": text])
        #expect(mirror.archive == "http://mirror.example/debian")
        #expect(mirror.security == "http://mirror.example/debian-security")
    }

    @Test("files that apt does not read are not read")
    func otherFiles() {
        #expect(throws: GuestError.self) {
            try find(["sources.list.d/debian.sources.off": "Types: deb\nURIs: http://off.example/debian\n"])
        }
    }

    @Test(
        "a person's choice comes first",
        arguments: ["http://x.example/debian", "http://x.example/debian/", "http://x.example"])
    func given(address: String) throws {
        let mirror = try find(["sources.list": "deb http://mirror.example/debian x main"], given: address)
        #expect(mirror.archive == "http://x.example/debian")
        #expect(mirror.security == "http://x.example/debian-security")
    }

    @Test("what is no address is bad usage", arguments: ["nothing", "http://x y", "http://x\"; evil"])
    func nonsense(address: String) {
        #expect(throws: GuestError.self) { try find([:], given: address) }
    }
}
