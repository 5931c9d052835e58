// SPDX-License-Identifier: Apache-2.0

import Linux

/// A kernel image that a guest can boot, with the modules that its checks need.
///
/// `Tools/scripts/guest-kernels.sh` fetches them from Debian, one folder a series: `release`, `vmlinuz`, `modules/`.
public struct GuestKernel: Sendable, Hashable, CustomStringConvertible {
    /// The series it stands for, such as `5.10` or `newest`.
    public let series: String
    /// Its release, such as `5.10.0-46`.
    public let release: String
    /// The folder that holds it.
    public let folder: String

    /// The series with the release, such as `newest (7.2.12+deb13)`.
    public var description: String { "\(series) (\(release))" }

    /// The path of the compressed kernel.
    public var image: String { folder + "/vmlinuz" }

    /// The kernels below a folder, the oldest first.
    ///
    /// - Parameter folder: the folder that holds one folder a series, usually `.build-guests/kernels`.
    public static func available(in folder: String) -> [GuestKernel] {
        let names = (try? Directory.names(in: folder)) ?? []
        return names.compactMap { series in
            let path = "\(folder)/\(series)"
            guard let text = try? Files.readText("\(path)/release"), Files.exists("\(path)/vmlinuz") else { return nil }
            guard let release = text.split(whereSeparator: \.isNewline).first else { return nil }
            return GuestKernel(series: series, release: String(release), folder: path)
        }.sorted { numbers($0.release).lexicographicallyPrecedes(numbers($1.release)) }
    }

    private static func numbers(_ release: String) -> [Int] {
        release.split { !($0.isASCII && $0.isNumber) }.map { Int($0) ?? 0 }
    }
}
