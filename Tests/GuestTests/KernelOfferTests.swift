// SPDX-License-Identifier: Apache-2.0

import Linux
import Testing

@testable import Guest

/// Of what a mirror has, the right packages are taken.
@Suite struct KernelOfferTests {
    private func package(_ name: String, _ version: String, _ megabytes: Int = 50) -> KernelPackage {
        KernelPackage(
            name: name, version: version, digest: String(repeating: "0", count: 64), size: megabytes * 1_000_000)
    }

    private func best(_ wanted: String, _ packages: KernelPackage...) -> KernelOffer? {
        KernelOffer.best(for: wanted, among: KernelOffer.all(of: packages))
    }

    @Test("the newest of a series is taken, by numbers and not by letters")
    func newest() {
        let offer = best(
            "6.12", package("linux-image-6.12.90+deb13-amd64", "6.12.90-1"),
            package("linux-image-6.12.117+deb13-amd64", "6.12.117-1"),
            package("linux-image-6.1.0-56-amd64", "6.1.192-1"))
        #expect(offer?.release == "6.12.117+deb13-amd64")
        #expect(offer?.version == "6.12.117")
        #expect(offer?.series == "6.12")
    }

    @Test("a build that is too large gives way to the one for clouds")
    func size() {
        let large = package("linux-image-6.16.1+deb13-amd64", "6.16.1-1", 210)
        let small = package("linux-image-6.16.1+deb13-cloud-amd64", "6.16.1-1", 50)
        #expect(best("6.16", large, small)?.release == "6.16.1+deb13-cloud-amd64")
        let usual = package("linux-image-6.16.1+deb13-amd64", "6.16.1-1", 170)
        #expect(best("6.16", usual, small)?.release == "6.16.1+deb13-amd64")
    }

    @Test("a kernel in parts has all its parts")
    func parts() {
        let offer = best(
            "7.2", package("linux-image-7.2.1+deb13-amd64", "7.2.1-1", 0),
            package("linux-base-7.2.1+deb13-amd64", "7.2.1-1", 1),
            package("linux-binary-7.2.1+deb13-amd64", "7.2.1-1", 14),
            package("linux-modules-7.2.1+deb13-amd64", "7.2.1-1"))
        #expect(
            offer?.packages.map(\.name) == [
                "linux-binary-7.2.1+deb13-amd64", "linux-modules-7.2.1+deb13-amd64", "linux-base-7.2.1+deb13-amd64",
            ])
        #expect(offer?.hasModules == true)
    }

    @Test("one with modules comes before a newer one without")
    func modules() {
        let offer = best(
            "7.2", package("linux-binary-7.2.9+deb13-amd64", "7.2.9-1", 14),
            package("linux-binary-7.2.1+deb13-amd64", "7.2.1-1", 14),
            package("linux-modules-7.2.1+deb13-amd64", "7.2.1-1"))
        #expect(offer?.release == "7.2.1+deb13-amd64")
        #expect(best("7.2", package("linux-binary-7.2.9+deb13-amd64", "7.2.9-1", 14))?.hasModules == false)
    }

    @Test("a candidate is taken only where nothing was released")
    func candidates() {
        let candidate = package("linux-image-7.3-amd64", "7.3~rc7-1")
        let released = package("linux-image-7.3.1+deb14-amd64", "7.3.1-1")
        #expect(best("7.3", candidate, released)?.release == "7.3.1+deb14-amd64")
        #expect(best("7.3", candidate)?.isCandidate == true)
    }

    @Test("exact versions can be asked for, and others are not guessed")
    func exact() {
        let packages = [
            package("linux-image-6.12.90+deb13-amd64", "6.12.90-1"),
            package("linux-image-6.12.91+deb13-amd64", "6.12.91-1"),
        ]
        let offers = KernelOffer.all(of: packages)
        #expect(KernelOffer.best(for: "6.12.90", among: offers)?.release == "6.12.90+deb13-amd64")
        #expect(KernelOffer.best(for: "6.12.9", among: offers) == nil)
        #expect(KernelOffer.best(for: "6.1", among: offers) == nil)
    }

    @Test("packages that hold no kernel are no offers")
    func others() {
        let names = ["linux-image-amd64", "linux-image-6.12-rt-amd64", "linux-image-6.12.1-amd64-dbg", "linux-base"]
        #expect(KernelOffer.all(of: names.map { package($0, "6.12.1-1") }).isEmpty)
        #expect(KernelOffer.all(of: [package("linux-image-6.1-amd64", "6.1.192-1", 0)]).isEmpty)
    }
}
