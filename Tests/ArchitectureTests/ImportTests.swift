// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The layers hold: what a file imports is what Package.swift lets its target import. The manifest alone does not stop an
/// undeclared import, since the compiler finds every module that was built before.
@Suite struct ImportTests {
    /// Modules of the toolchain that any target may use.
    static let everywhere: Set<String> = ["Swift", "Synchronization", "_Concurrency"]
    /// The C library is for the one target that speaks to the kernel; all others go through it.
    static let systemTargets: Set<String> = ["Linux"]
    /// Tests may use what the toolchain has for them.
    static let inTests: Set<String> = ["Testing", "Foundation", "Glibc", "Dispatch"]

    @Test("every import is an edge that Package.swift declares")
    func importsAreDeclared() throws {
        for target in try Manifest.load().targets {
            var allowed = Self.everywhere.union(target.dependencies.compactMap(\.name))
            if target.folder.hasPrefix("Tests/") { allowed.formUnion(Self.inTests) }
            if Self.systemTargets.contains(target.name) { allowed.insert("Glibc") }
            for source in Tree.sources(below: target.folder) {
                let undeclared = source.imports.filter { !allowed.contains($0) }
                #expect(undeclared.isEmpty, "\(source) imports \(undeclared), which \(target.name) does not declare")
            }
        }
    }

    @Test("nothing in Sources imports Foundation")
    func noFoundation() {
        for source in Tree.sources(below: "Sources") {
            #expect(!source.imports.contains { $0.hasPrefix("Foundation") }, "\(source) imports Foundation")
        }
    }

    @Test("import lines are recognised with attributes, access and kinds")
    func importLines() {
        let lines = [
            "import A", "public import B", "@_spi(X) public import C", "@testable import D", "import struct E.Thing",
            "// import F", "let text = \"import G\"",
        ]
        let source = Tree.Source(path: "a.swift", text: lines.joined(separator: "\n"))
        #expect(source.imports == ["A", "B", "C", "D", "E"])
    }
}
