// SPDX-License-Identifier: Apache-2.0

/// What only /proc tells about a map (`/proc/self/fdinfo/N`): its use of memory, and whether it is frozen.
public struct MapDescriptorStatus: Sendable, Hashable {
    /// `enum bpf_map_type`.
    public let kind: UInt32
    /// Bytes of a key.
    public let keySize: UInt32
    /// Bytes of a value.
    public let valueSize: UInt32
    /// The most entries.
    public let maxEntries: UInt32
    /// `BPF_F_*` flags of map creation.
    public let flags: UInt32
    /// Bloom filter: hashes; arena: the user address.
    public let extra: UInt64
    /// The bytes that the kernel counts for the map; an estimate before Linux 6.4.
    public let memoryBytes: UInt64
    /// Whether user space may not change it any more (Linux 5.2).
    public let isFrozen: Bool

    /// Reads the status of a map's descriptor.
    ///
    /// - Throws: `EINVAL` when the descriptor is no map's.
    public init(of map: Int32) throws(LinuxError) {
        let path = "/proc/self/fdinfo/\(map)"
        self = try Self(text: try Files.readText(path, limit: 1 << 16), path: path)
    }

    init(text: String, path: String) throws(LinuxError) {
        var fields: [Substring: UInt64] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            let value = parts[1].drop { $0 == "\t" || $0 == " " }
            let number = value.hasPrefix("0x") ? UInt64(value.dropFirst(2), radix: 16) : UInt64(value)
            if let number { fields[parts[0]] = number }
        }
        guard let kind = fields["map_type"] else {
            throw LinuxError(.invalidArgument, call: "read", path: path, explanation: "the descriptor is no map's")
        }
        func small(_ name: Substring) -> UInt32 { UInt32(clamping: fields[name] ?? 0) }
        self.kind = UInt32(clamping: kind)
        keySize = small("key_size")
        valueSize = small("value_size")
        maxEntries = small("max_entries")
        flags = small("map_flags")
        extra = fields["map_extra"] ?? 0
        memoryBytes = fields["memlock"] ?? 0
        isFrozen = fields["frozen"] == 1
    }
}

extension BPFSystemCall {
    /// Describes a map; where the command is not permitted, from what /proc tells, which has no name, number and types.
    public static func describeMap(_ map: Int32) throws(LinuxError) -> MapInformation {
        do throws(LinuxError) {
            return try mapInformation(of: map)
        } catch {
            guard let status = try? MapDescriptorStatus(of: map) else { throw error }
            return MapInformation(status)
        }
    }
}
