// SPDX-License-Identifier: Apache-2.0

/// The options that the running kernel was built with.
///
/// ```swift
/// if try KernelConfiguration.current()["CONFIG_BPF_LSM"] != "y" { … }
/// ```
public struct KernelConfiguration: Sendable {
    /// Each option that is set, with its text: `y`, `m`, a number, or a string with its quotes.
    public let options: [String: String]
    /// The file that it was read from.
    public let path: String

    /// An option's text, or `nil` when it is not set.
    public subscript(name: String) -> String? { options[name] }

    /// Reads /boot/config-RELEASE, /lib/modules/RELEASE/config or /proc/config.gz, whichever is there first.
    ///
    /// - Throws: `ENOENT` when there is none, as in many containers.
    public static func current() throws(LinuxError) -> KernelConfiguration {
        let release = KernelVersion.release
        for path in ["/boot/config-\(release)", "/lib/modules/\(release)/config"] {
            if let text = try? Files.read(path, limit: 8 << 20) {
                return KernelConfiguration(parsing: text, path: path)
            }
        }
        let path = "/proc/config.gz"
        let packed = try Files.read(path, limit: 8 << 20)
        guard let text = try? Inflate.gzip(packed, limit: 8 << 20) else {
            throw LinuxError(.illegalBytes, call: "read", path: path)
        }
        return KernelConfiguration(parsing: text, path: path)
    }

    init(parsing text: [UInt8], path: String) {
        var options: [String: String] = [:]
        for line in text.split(separator: UInt8(ascii: "\n")) {
            guard line.first == UInt8(ascii: "C"), let equal = line.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let name = String(decoding: line[..<equal], as: UTF8.self)
            options[name] = String(decoding: line[(equal + 1)...], as: UTF8.self)
        }
        self.options = options
        self.path = path
    }
}
