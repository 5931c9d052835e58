// SPDX-License-Identifier: Apache-2.0

import Foundation
import KernelChecks
import Linux
import TestSupport
import Testing

/// Every kernel check that may run on a machine in use holds on this one.
@Suite(.serialized) struct HostKernelTests {
    /// What the checks load, compiled once.
    private static let objects = Result {
        let folder = CheckSources.root + "/.build-guests/host-objects"
        try Files.makeFolders(folder)
        try CheckSources.compile(into: folder)
        setenv("SKEP_CHECK_OBJECTS", folder, 1)
        setenv("SKEP_CHECK_PROGRAM", BuiltProducts.folder + "/kernel-checks", 1)
    }

    @Test("a kernel check holds on this machine", arguments: KernelCheck.all.filter { !$0.guestOnly }.map(\.name))
    func check(name: String) throws {
        if Processes.currentUser != 0 { try Test.cancel("needs root") }
        try Self.objects.get()
        let check = try #require(KernelCheck.all.first { $0.name == name })
        switch check.run(on: .current) {
        case .passed, .absent: break
        case .skipped(let reason): try Test.cancel("\(reason)")
        case .failed(let reason): Issue.record("\(reason)")
        }
    }
}
