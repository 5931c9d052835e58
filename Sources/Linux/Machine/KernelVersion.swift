// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A kernel version as upstream counts it, such as 6.12.3.
///
/// ```swift
/// if KernelVersion.current < "5.8" { print("no ring buffer") }
/// ```
public struct KernelVersion: Hashable, Comparable, Sendable {
    /// The first number.
    public let major: Int
    /// The second number.
    public let minor: Int
    /// The third number, 0 where it is not said.
    public let patch: Int

    /// Makes a version.
    public init(_ major: Int, _ minor: Int, _ patch: Int = 0) {
        self.major = major
        self.minor = minor
        self.patch = patch
    }

    /// Reads the numbers at the start of a release, such as `6.12.3-amd64`; the third may be missing.
    public init?(release: some StringProtocol) {
        let numbers = release.split(separator: ".", maxSplits: 3, omittingEmptySubsequences: false).prefix(3).map {
            Int($0.prefix { $0.isASCII && $0.isNumber })
        }
        guard numbers.count >= 2, let major = numbers[0], let minor = numbers[1], major < 1000, minor < 1000 else {
            return nil
        }
        self.init(major, minor, min(numbers.count > 2 ? numbers[2] ?? 0 : 0, 65535))
    }

    /// Reads `LINUX_VERSION_CODE`.
    public init(code: UInt32) {
        self.init(Int(code >> 16), Int(code >> 8 & 0xff), Int(code & 0xff))
    }

    /// `LINUX_VERSION_CODE`: the patch number is cut at 255.
    public var code: UInt32 {
        UInt32(clamping: major) << 16 | UInt32(min(max(minor, 0), 255)) << 8 | UInt32(min(max(patch, 0), 255))
    }

    /// Compares the numbers from left to right.
    public static func < (left: KernelVersion, right: KernelVersion) -> Bool {
        (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
    }

    /// The version of the running kernel.
    ///
    /// Comes from the note in the vDSO, since a container can change what uname(2) says and some distributions put a
    /// number of their own there; then from Ubuntu's /proc/version_signature or Debian's uname version, then from the
    /// release. 0.0.0 when nothing can be read.
    public static let current: KernelVersion =
        VirtualSharedObject.versionCode.map { KernelVersion(code: $0) } ?? fromDistribution
        ?? KernelVersion(release: release) ?? KernelVersion(0, 0)

    /// The release of the running kernel as uname(2) says it, such as `6.1.0-18-amd64`: the name of its folder in
    /// /lib/modules.
    public static let release = systemName(\.release)

    /// The machine's architecture as uname(2) says it, such as `x86_64`.
    public static let architecture = systemName(\.machine)

    private static var fromDistribution: KernelVersion? {
        if let signature = try? Files.readText("/proc/version_signature", limit: 4096),
            let last = signature.split(whereSeparator: \.isWhitespace).last,
            let version = KernelVersion(release: last)
        {
            return version
        }
        let words = systemName(\.version).split(separator: " ")
        guard let index = words.firstIndex(of: "Debian"), index + 1 < words.count else { return nil }
        return KernelVersion(release: words[index + 1])
    }

    private static func systemName<Field>(_ field: KeyPath<utsname, Field>) -> String {
        var name = utsname()
        guard uname(&name) == 0 else { return "" }
        return withUnsafeBytes(of: name[keyPath: field]) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}

extension KernelVersion: CustomStringConvertible {
    /// `6.12` or `6.12.3`.
    public var description: String {
        patch == 0 ? "\(major).\(minor)" : "\(major).\(minor).\(patch)"
    }
}

extension KernelVersion: ExpressibleByStringLiteral {
    /// Reads a literal such as `"5.8"`; one that is not a version is 0.0, which every kernel has.
    public init(stringLiteral value: StaticString) {
        self = KernelVersion(release: value.description) ?? KernelVersion(0, 0)
    }
}
