// SPDX-License-Identifier: Apache-2.0

import CLinux

/// What the kernel tells about a map (`struct bpf_map_info`, Linux 4.13).
public struct MapInformation: Sendable, Hashable {
    /// `enum bpf_map_type`.
    public let kind: UInt32
    /// The number while it lives.
    public let id: UInt32
    /// Bytes of a key.
    public let keySize: UInt32
    /// Bytes of a value.
    public let valueSize: UInt32
    /// The most entries.
    public let maxEntries: UInt32
    /// `BPF_F_*` flags of map creation.
    public let flags: UInt32
    /// Up to 15 bytes.
    public let name: String
    /// The interface of an offloaded map.
    public let interfaceIndex: UInt32
    /// The number of its BTF; 0 for none.
    public let btfID: UInt32
    /// The key's BTF type.
    public let keyType: UInt32
    /// The value's BTF type.
    public let valueType: UInt32
    /// The kernel's BTF type of a struct_ops map's value.
    public let kernelValueType: UInt32
    /// Bloom filter: hashes; arena: the user address.
    public let extra: UInt64

    init(_ raw: skep_map_information) {
        kind = raw.type
        id = raw.id
        keySize = raw.key_size
        valueSize = raw.value_size
        maxEntries = raw.max_entries
        flags = raw.map_flags
        name = ObjectName.read(raw.name)
        interfaceIndex = raw.ifindex
        btfID = raw.btf_id
        keyType = raw.btf_key_type_id
        valueType = raw.btf_value_type_id
        kernelValueType = raw.btf_vmlinux_value_type_id
        extra = raw.map_extra
    }

    /// What /proc tells; the rest is zero.
    init(_ status: MapDescriptorStatus) {
        kind = status.kind
        id = 0
        keySize = status.keySize
        valueSize = status.valueSize
        maxEntries = status.maxEntries
        flags = status.flags
        name = ""
        interfaceIndex = 0
        btfID = 0
        keyType = 0
        valueType = 0
        kernelValueType = 0
        extra = status.extra
    }
}

/// What the kernel tells about BTF (`struct bpf_btf_info`, Linux 4.18; name and origin 5.11).
public struct BTFInformation: Sendable, Hashable {
    /// The number while it lives.
    public let id: UInt32
    /// `vmlinux`, a module's name, or empty for a program's.
    public let name: String
    /// Whether it is the kernel's or a module's own.
    public let isKernel: Bool
    /// The bytes of the data.
    public let size: Int
}

extension BPFSystemCall {
    /// Describes a map (`BPF_OBJ_GET_INFO_BY_FD`).
    public static func mapInformation(of map: Int32) throws(LinuxError) -> MapInformation {
        var raw = skep_map_information()
        try fill(&raw, of: map)
        return MapInformation(raw)
    }

    /// Describes BTF, without its data.
    public static func btfInformation(of btf: Int32) throws(LinuxError) -> BTFInformation {
        var raw = skep_btf_information()
        var name = [UInt8](repeating: 0, count: 128)
        var answer = name.withUnsafeMutableBytes { buffer in
            raw.name = address(buffer.baseAddress)
            raw.name_len = UInt32(buffer.count)
            return information(&raw, of: btf)
        }
        if answer == -Int(Errno.tooBig.rawValue) {
            // Before Linux 5.11 there are no names, and nothing may be asked for behind what the kernel knows.
            raw = skep_btf_information()
            answer = information(&raw, of: btf)
        }
        try check(answer, .information)
        return BTFInformation(
            id: raw.id, name: String(decoding: name.prefix { $0 != 0 }, as: UTF8.self),
            isKernel: raw.kernel_btf != 0, size: Int(raw.btf_size))
    }

    /// Copies the data of BTF.
    public static func btfData(of btf: Int32) throws(LinuxError) -> [UInt8] {
        let size = try btfInformation(of: btf).size
        var data = [UInt8](repeating: 0, count: min(size, 1 << 28))
        var raw = skep_btf_information()
        let answer = data.withUnsafeMutableBytes { buffer in
            raw.btf = address(buffer.baseAddress)
            raw.btf_size = UInt32(buffer.count)
            return information(&raw, of: btf)
        }
        try check(answer, .information)
        return data
    }
}
