// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The list of libraries that the dynamic linker keeps (/etc/ld.so.cache).
///
/// - Note: the format of glibc 2.2 and later, `sysdeps/generic/dl-cache.h`; after an older list it starts at a multiple
///   of eight bytes.
public struct LinkerCache: Sendable {
    /// One library.
    public struct Library: Sendable, Hashable {
        /// The name that programs ask for, such as `libc.so.6`.
        public let name: String
        /// Where it is.
        public let path: String
        /// What it is for: the low byte 3 for ELF with glibc, the next one for the architecture.
        public let flags: UInt32
    }

    /// The libraries in the cache's order.
    public let libraries: [Library]

    /// Reads a cache.
    ///
    /// - Throws: `ENOENT` when there is none, `EILSEQ` when it has another format.
    public init(path: String = "/etc/ld.so.cache") throws(LinuxError) {
        let bytes = OwnedBytes(try Files.read(path, limit: 64 << 20))
        guard let libraries = Self.parse(bytes) else { throw LinuxError(.illegalBytes, call: "read", path: path) }
        self.libraries = libraries
    }

    /// The path of a library of this machine's kind.
    public func path(of name: String) -> String? {
        let wanted: UInt32 = KernelVersion.architecture == "aarch64" ? 0x0a03 : 0x0303
        return (libraries.first { $0.name == name && $0.flags == wanted } ?? libraries.first { $0.name == name })?.path
    }

    /// The libraries whose names start with a text, of this machine's kind.
    public func paths(withPrefix prefix: String) -> [String] {
        let wanted: UInt32 = KernelVersion.architecture == "aarch64" ? 0x0a03 : 0x0303
        return libraries.filter { $0.name.hasPrefix(prefix) && $0.flags == wanted }.map(\.path)
    }

    private static let magic = Array("glibc-ld.so.cache1.1".utf8)

    static func parse(_ bytes: OwnedBytes) -> [Library]? {
        let span = bytes.span
        var start = 0
        if span.bytes(at: 0, count: magic.count) != magic {
            // `ld.so-1.7.0`, the number of entries of 12 bytes, and then the newer format.
            guard span.string(at: 0, count: 11) == "ld.so-1.7.0",
                let count = span.integer(at: 12, as: UInt32.self, order: .host)
            else { return nil }
            start = (16 + Int(count) * 12 + 7) / 8 * 8
            guard span.bytes(at: start, count: magic.count) == magic else { return nil }
        }
        guard let count = span.integer(at: start + 20, as: UInt32.self, order: .host), count < 1 << 20 else {
            return nil
        }
        var libraries: [Library] = []
        for index in 0..<Int(count) {
            let entry = start + 48 + index * 24
            guard let flags = span.integer(at: entry, as: UInt32.self, order: .host),
                let key = span.integer(at: entry + 4, as: UInt32.self, order: .host),
                let value = span.integer(at: entry + 8, as: UInt32.self, order: .host),
                let name = span.cString(at: start + Int(key)), let path = span.cString(at: start + Int(value))
            else { return nil }
            libraries.append(Library(name: name, path: path, flags: flags))
        }
        return libraries
    }
}
