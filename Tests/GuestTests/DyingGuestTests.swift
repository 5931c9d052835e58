// SPDX-License-Identifier: Apache-2.0

import Guest
import KernelChecks
import Linux
import Testing

/// A guest that dies is not taken for one whose checks passed.
@Suite struct DyingGuestTests {
    @Test("a guest without a working program ends with an error that holds its console")
    func dies() throws {
        guard let kernel = KernelCache().kernels.first, (try? GuestMachine()) != nil else {
            try Test.cancel("needs QEMU and a kernel")
        }
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        try Files.write(Array("no program\n".utf8), to: folder.path + "/init")
        let guest = try CheckGuest(program: folder.path + "/init", objects: [:])
        do throws(GuestError) {
            _ = try guest.run(kernel, timeLimit: 60_000)
            Issue.record("the guest answered")
        } catch {
            #expect(error.code == .unfinished)
            #expect(error.message == "the guest ended before its checks did")
            #expect(error.detail?.contains("Kernel panic") == true, "\(error.detail ?? "")")
        }
    }

    @Test("a guest that takes too long is stopped")
    func hangs() throws {
        guard let kernel = KernelCache().kernels.first, let machine = try? GuestMachine() else {
            try Test.cancel("needs QEMU and a kernel")
        }
        let run = try machine.run(kernel, GuestImage(program: "/bin/true"), timeLimit: 500)
        #expect(run.wasStopped)
    }
}
