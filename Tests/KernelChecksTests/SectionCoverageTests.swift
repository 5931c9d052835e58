// SPDX-License-Identifier: Apache-2.0

import BPFObject
import KernelChecks
import Testing

/// Every name that a section may have is a line of the table of support, and the other way round.
@Suite struct SectionCoverageTests {
    /// Lines that are no section of programs, with the reason.
    private static let otherLines: [String: String] = [
        "struct_ops.link": "a section of tables of functions, which are data"
    ]

    private static var hooks: Set<String> {
        Set(KernelCheck.all.compactMap { $0.subject?.group == .hook ? $0.subject?.name : nil })
    }

    @Test("every section name has a check of its own")
    func everySection() {
        let missing = SectionDefinition.all.map(\.name).filter { !Self.hooks.contains($0) }
        #expect(missing.isEmpty)
    }

    @Test("every hook of the table is a section name")
    func everyHook() {
        let names = Set(SectionDefinition.all.map(\.name))
        for hook in Self.hooks where Self.otherLines[hook] == nil { #expect(names.contains(hook), "\(hook)") }
    }

    @Test("every kind of map has a check of its own")
    func everyMap() {
        let checked = Set(KernelCheck.all.compactMap { $0.subject?.group == .map ? $0.subject?.name : nil })
        let names = (1...).lazy.map { MapKind(rawValue: $0).description }.prefix { !$0.hasPrefix("map type") }
        // Tables of functions are maps in name only: the hooks' part of the table has them.
        let missing = names.filter { !checked.contains($0) && $0 != "struct_ops" }
        #expect(Array(missing).isEmpty)
    }
}
