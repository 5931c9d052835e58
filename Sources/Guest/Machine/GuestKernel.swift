// SPDX-License-Identifier: Apache-2.0

public import Linux

/// A kernel in the cache that a guest can boot: one folder with `release`, `packages`, `vmlinuz`, and, where its packages
/// hold them, `config` and `modules/`.
public struct GuestKernel: Sendable, Hashable, CustomStringConvertible {
    /// The name that it was asked for by, such as `5.10`.
    public let series: String
    /// Its release as `uname -r` says it, such as `5.10.0-46-amd64`.
    public let release: String
    /// Its upstream version, such as 5.10.262.
    public let version: KernelVersion
    /// The folder that holds it.
    public let folder: String

    /// The series with the release, such as `5.10 (5.10.0-46-amd64)`.
    public var description: String { "\(series) (\(release))" }

    /// The path of the compressed kernel.
    public var image: String { folder + "/vmlinuz" }

    /// The path of its configuration.
    public var configuration: String { folder + "/config" }

    /// The folder of its modules with their `order`.
    public var modules: String { folder + "/modules" }

    /// Whether its packages held modules.
    public var hasModules: Bool { Files.exists(modules + "/order") }

    /// The packages that it was made from.
    public var packages: [KernelPackage] {
        ((try? Files.readText(folder + "/packages")) ?? "").split(separator: "\n").compactMap {
            KernelPackage(line: $0)
        }
    }

    /// Reads a kernel's folder; nil when no complete kernel is in it.
    init?(series: String, folder: String) {
        // The release is written last, so that its presence says that all else is there.
        guard let text = try? Files.readText(folder + "/release"), Files.exists(folder + "/vmlinuz"),
            let release = text.split(whereSeparator: \.isNewline).first
        else { return nil }
        self.series = series
        self.release = String(release)
        self.folder = folder
        let packaged = ((try? Files.readText(folder + "/version")) ?? "").split(whereSeparator: \.isNewline).first
        version = KernelVersion(release: packaged ?? release) ?? KernelVersion(0, 0)
    }
}
