// SPDX-License-Identifier: Apache-2.0

import CLinux

extension BPFSystemCall {
    /// Creates a map (`BPF_MAP_CREATE`, Linux 3.18).
    ///
    /// - Throws: `E2BIG` when the kernel is older than a field that is set, `EINVAL` for an unknown kind or shape,
    ///   `EPERM` without rights or, before Linux 5.11, with too little `RLIMIT_MEMLOCK`.
    public static func createMap(_ creation: MapCreation) throws(LinuxError) -> FileDescriptor {
        var attributes = skep_map_create()
        attributes.map_type = creation.kind
        attributes.key_size = creation.keySize
        attributes.value_size = creation.valueSize
        attributes.max_entries = creation.maxEntries
        attributes.map_flags = creation.flags
        attributes.inner_map_fd = number(creation.innerMap)
        if let node = creation.numaNode {
            attributes.numa_node = node
            attributes.map_flags |= 1 << 2  // BPF_F_NUMA_NODE
        }
        ObjectName.write(creation.name, into: &attributes.map_name)
        attributes.map_ifindex = creation.interfaceIndex
        attributes.btf_fd = number(creation.btf)
        attributes.btf_key_type_id = creation.keyType
        attributes.btf_value_type_id = creation.valueType
        attributes.btf_vmlinux_value_type_id = creation.kernelValueType
        attributes.map_extra = creation.extra
        if let module = creation.kernelValueModule {
            attributes.value_type_btf_obj_fd = module
            attributes.map_flags |= 1 << 15  // BPF_F_VTYPE_BTF_OBJ_FD
        }
        if let token = creation.token {
            attributes.map_token_fd = token
            attributes.map_flags |= 1 << 16  // BPF_F_TOKEN_FD
        }
        let answer = creation.exclusiveProgramHash.withUnsafeBytes { hash in
            attributes.excl_prog_hash = hash.isEmpty ? 0 : address(hash.baseAddress)
            attributes.excl_prog_hash_size = UInt32(truncatingIfNeeded: hash.count)
            return call(.createMap, &attributes)
        }
        return try descriptor(answer, .createMap)
    }

    /// Copies the value of a key (`BPF_MAP_LOOKUP_ELEM`).
    ///
    /// - Parameters:
    ///   - map: the map's descriptor.
    ///   - key: key-size bytes; `nil` for queues, stacks and bloom filters, which look in `value`.
    ///   - value: room for a value; for per-CPU maps the value size rounded up to 8, times the possible CPUs.
    ///   - flags: `BPF_F_LOCK` (4) and others.
    /// - Returns: `false` when there is no such key (`ENOENT`).
    public static func lookup(
        map: Int32, key: UnsafeRawPointer?, value: UnsafeMutableRawPointer, flags: UInt64 = 0
    ) throws(LinuxError) -> Bool {
        try element(.lookupElement, map, key, value, flags)
    }

    /// Writes the value of a key (`BPF_MAP_UPDATE_ELEM`).
    ///
    /// - Parameter flags: 0 any, 1 `BPF_NOEXIST`, 2 `BPF_EXIST`, 4 `BPF_F_LOCK`.
    /// - Throws: `E2BIG` when a hash map is full, `EEXIST` and `ENOENT` as the flags say.
    public static func update(
        map: Int32, key: UnsafeRawPointer?, value: UnsafeRawPointer, flags: UInt64 = 0
    ) throws(LinuxError) {
        var attributes = elementAttributes(map, key, value, flags)
        try check(call(.updateElement, &attributes), .updateElement)
    }

    /// Removes a key (`BPF_MAP_DELETE_ELEM`); answers `false` when it was not there.
    public static func delete(map: Int32, key: UnsafeRawPointer) throws(LinuxError) -> Bool {
        try element(.deleteElement, map, key, nil, 0)
    }

    /// Finds the key after another one (`BPF_MAP_GET_NEXT_KEY`), the first one after `nil` (Linux 4.12).
    ///
    /// - Returns: `false` when there is no further key.
    public static func nextKey(
        map: Int32, after key: UnsafeRawPointer?, into next: UnsafeMutableRawPointer
    ) throws(LinuxError) -> Bool {
        try element(.nextKey, map, key, next, 0)
    }

    /// Copies a value and removes its key at once (`BPF_MAP_LOOKUP_AND_DELETE_ELEM`: queues and stacks Linux 4.20,
    /// hashes 5.14); pops when `key` is `nil`.
    ///
    /// - Returns: `false` when there is no such key, or nothing to pop.
    public static func lookupAndDelete(
        map: Int32, key: UnsafeRawPointer?, value: UnsafeMutableRawPointer, flags: UInt64 = 0
    ) throws(LinuxError) -> Bool {
        try element(.lookupAndDeleteElement, map, key, value, flags)
    }

    /// Forbids user space to write the map for good (`BPF_MAP_FREEZE`, Linux 5.2).
    public static func freeze(map: Int32) throws(LinuxError) {
        var attributes = elementAttributes(map, nil, nil, 0)
        try check(call(.freezeMap, &attributes), .freezeMap)
    }

    private static func elementAttributes(
        _ map: Int32, _ key: UnsafeRawPointer?, _ value: UnsafeRawPointer?, _ flags: UInt64
    ) -> skep_map_element {
        var attributes = skep_map_element()
        attributes.map_fd = UInt32(bitPattern: map)
        attributes.key = address(key)
        attributes.value = address(value)
        attributes.flags = flags
        return attributes
    }

    @inline(__always)
    private static func element(
        _ command: BPFCommand, _ map: Int32, _ key: UnsafeRawPointer?, _ value: UnsafeMutableRawPointer?,
        _ flags: UInt64
    ) throws(LinuxError) -> Bool {
        var attributes = elementAttributes(map, key, UnsafeRawPointer(value), flags)
        let answer = call(command, &attributes)
        if answer >= 0 { return true }
        if answer == -Int(Errno.noSuchFileOrDirectory.rawValue) { return false }
        throw failure(answer, command)
    }
}
