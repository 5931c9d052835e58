// SPDX-License-Identifier: Apache-2.0

/// A distribution's package that holds a kernel or a part of it.
public struct KernelPackage: Sendable, Hashable {
    /// The package's name.
    public let name: String
    /// The package's version.
    public let version: String
    /// The SHA-256 digest of the package's file, in hexadecimal.
    public let digest: String
    /// The size of the package's file in bytes; 0 where it is not known.
    public let size: Int

    /// Makes a description.
    init(name: String, version: String, digest: String, size: Int = 0) {
        self.name = name
        self.version = version
        self.digest = digest
        self.size = size
    }

    /// Reads `NAME VERSION SHA256`; nil when it is something else.
    init?(line: some StringProtocol) {
        let words = line.split(separator: " ")
        guard words.count == 3, words[2].count == 64, words[2].allSatisfy(\.isHexDigit) else { return nil }
        self.init(name: String(words[0]), version: String(words[1]), digest: String(words[2]))
    }

    /// The name, the version and the digest on one line.
    var line: String { "\(name) \(version) \(digest)" }

    /// Whether both are the same file.
    func isSame(as other: KernelPackage) -> Bool {
        name == other.name && version == other.version && digest == other.digest
    }
}
