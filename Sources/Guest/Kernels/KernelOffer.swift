// SPDX-License-Identifier: Apache-2.0

public import Linux

/// A kernel that the mirror offers, with the packages that make it up.
public struct KernelOffer: Sendable, Hashable {
    /// The release as `uname -r` says it, such as `6.12.117+deb13-amd64`.
    public let release: String
    /// The upstream version.
    public let version: KernelVersion
    /// Whether it is a candidate of a version that is not released.
    public let isCandidate: Bool
    /// Its packages.
    public let packages: [KernelPackage]
    /// Whether the packages hold modules; those of some older versions are no longer kept.
    public let hasModules: Bool

    /// The series, such as `6.12`.
    public var series: String { "\(version.major).\(version.minor)" }
    /// The bytes to fetch.
    public var size: Int { packages.reduce(0) { $0 &+ $1.size } }
    /// Whether it is the smaller build for virtual machines of cloud providers.
    var isCloud: Bool { release.hasSuffix("-cloud-amd64") }

    /// The largest download of a kernel with all drivers, in bytes; where it is larger, the smaller build is taken.
    static let sizeLimit = 200_000_000

    /// Packages smaller than this only depend on others.
    private static let smallestKernel = 1_000_000

    /// Makes offers from a mirror's packages.
    static func all(of packages: [KernelPackage]) -> [KernelOffer] {
        let byName = Dictionary(packages.map { ($0.name, $0) }) { first, _ in first }
        var releases: Set<String> = []
        for name in byName.keys {
            for prefix in ["linux-image-", "linux-binary-unsigned-", "linux-binary-"] where name.hasPrefix(prefix) {
                let release = String(name.dropFirst(prefix.count))
                guard let first = release.unicodeScalars.first, ("0"..."9").contains(first) else { continue }
                guard release.hasSuffix("-amd64"), !release.contains("-rt-") else { continue }
                releases.insert(release)
            }
        }
        return releases.compactMap { offer($0, byName) }.sorted { $0.isBefore($1) }
    }

    private static func offer(_ release: String, _ byName: [String: KernelPackage]) -> KernelOffer? {
        var packages: [KernelPackage] = []
        var hasModules = true
        let base = byName["linux-base-\(release)"].map { [$0] } ?? []
        if let image = byName["linux-image-\(release)"], image.size >= smallestKernel {
            packages = [image] + base
        } else if let binary = byName["linux-binary-\(release)"] ?? byName["linux-binary-unsigned-\(release)"] {
            // Since 6.19 kernel, modules and configuration are packages of their own.
            let modules = byName["linux-modules-\(release)"].map { [$0] } ?? []
            packages = [binary] + modules + base
            hasModules = !modules.isEmpty
        }
        guard let first = packages.first, let version = KernelVersion(release: first.version) else { return nil }
        return KernelOffer(
            release: release, version: version, isCandidate: first.version.contains("~rc"), packages: packages,
            hasModules: hasModules)
    }

    /// Whether it is older or otherwise the worse choice.
    private func isBefore(_ other: KernelOffer) -> Bool {
        func order(_ offer: KernelOffer) -> (KernelVersion, Int, Int) {
            (offer.version, offer.isCandidate ? 0 : 1, offer.hasModules ? 1 : 0)
        }
        return (order(self), release) < (order(other), other.release)
    }

    /// The best offer for what a person asks for: one with modules before one without, then the newest, then the one with all
    /// drivers unless that is too large.
    ///
    /// - Parameter wanted: a series such as `6.1`, a version such as `6.12.90`, a release, or `newest`.
    static func best(for wanted: String, among offers: [KernelOffer]) -> KernelOffer? {
        let matching = offers.filter { $0.matches(wanted) }
        let complete = matching.filter(\.hasModules)
        let released = complete.filter { !$0.isCandidate }
        let choice = !released.isEmpty ? released : !complete.isEmpty ? complete : matching
        guard let newest = choice.last else { return nil }
        let same = choice.filter { $0.version == newest.version }
        return same.last { !$0.isCloud && $0.size <= sizeLimit } ?? same.last { $0.isCloud } ?? newest
    }

    private func matches(_ wanted: String) -> Bool {
        if wanted == "newest" || wanted == release || wanted == series { return true }
        return "\(version.major).\(version.minor).\(version.patch)" == wanted
    }
}

private func < (left: ((KernelVersion, Int, Int), String), right: ((KernelVersion, Int, Int), String)) -> Bool {
    left.0 == right.0 ? left.1 < right.1 : left.0 < right.0
}
