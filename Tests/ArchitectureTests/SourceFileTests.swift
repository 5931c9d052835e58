// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// What holds for every source file, whatever it does.
@Suite struct SourceFileTests {
    /// The folders of the project's own Swift code.
    static let folders = ["Sources", "Tests", "Examples", "Fuzz", "Benchmarks", "Tools"]
    static let longestFile = 800

    static var swiftFiles: [Tree.Source] { folders.flatMap { Tree.sources(below: $0) } }

    @Test("every Swift file says its licence on the first line")
    func licences() {
        for source in Self.swiftFiles where source.path.hasSuffix("Package.swift") == false {
            #expect(source.lines.first == "// SPDX-License-Identifier: Apache-2.0", "\(source)")
        }
    }

    @Test("no file is longer than 800 lines unless it is generated")
    func lengths() {
        for source in Self.swiftFiles where !source.isGenerated {
            #expect(source.lines.count <= Self.longestFile, "\(source) has \(source.lines.count) lines")
        }
    }

    @Test("no type is named like a module, which would hide everything else in it")
    func typeNames() throws {
        let modules = Set(try Manifest.load().targets.map(\.name))
        let declaration =
            /\s*(?:(?:public|package|internal|private|fileprivate|final|indirect|@\w+)\s+)*(?:struct|class|enum|actor|protocol|typealias)\s+(?<name>\w+).*/
        for source in Tree.sources(below: "Sources") {
            for line in source.lines {
                guard let match = line.wholeMatch(of: declaration) else { continue }
                #expect(!modules.contains(String(match.name)), "\(source) declares \(match.name)")
            }
        }
    }

    @Test("every kernel source of the services is dual licensed, for readers and for the kernel")
    func serviceLicences() {
        for source in Tree.sources(below: "services", endings: [".bpf.c", ".bpf.h"]) {
            #expect(source.lines.first == "// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only", "\(source)")
            guard source.path.hasSuffix(".bpf.c") else { continue }
            #expect(source.text.contains(#"SEC("license") = "Dual BSD/GPL";"#), "\(source) has no license section")
        }
    }

    @Test("every service has a README beside its source")
    func serviceReadmes() {
        for source in Tree.sources(below: "services", endings: [".bpf.c"]) {
            let folder = Tree.root.appending(path: source.path).deletingLastPathComponent()
            #expect(FileManager.default.fileExists(atPath: folder.appending(path: "README.md").path), "\(source)")
        }
    }
}
