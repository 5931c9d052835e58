// SPDX-License-Identifier: Apache-2.0

import CLinux

extension BPFSystemCall {
    /// Gives a program, map, link or BTF a path in a bpffs (`BPF_OBJ_PIN`, Linux 4.4; links 5.7).
    ///
    /// - Throws: `EEXIST` when the path is taken, `EINVAL` when it is not in a bpffs.
    public static func pin(_ descriptor: Int32, path: String) throws(LinuxError) {
        let answer = path.withCString { name in
            var attributes = skep_object_path()
            attributes.pathname = address(UnsafeRawPointer(name))
            attributes.bpf_fd = UInt32(bitPattern: descriptor)
            return call(.pinObject, &attributes)
        }
        if answer < 0 { throw LinuxError(Errno(answer: answer), call: "bpf(BPF_OBJ_PIN)", path: path) }
    }

    /// Opens what is pinned at a path (`BPF_OBJ_GET`).
    ///
    /// - Parameter flags: 0, `BPF_F_RDONLY` (8) or `BPF_F_WRONLY` (16), for maps.
    public static func open(pinned path: String, flags: UInt32 = 0) throws(LinuxError) -> FileDescriptor {
        let answer = path.withCString { name in
            var attributes = skep_object_path()
            attributes.pathname = address(UnsafeRawPointer(name))
            attributes.file_flags = flags
            return call(.openPinned, &attributes)
        }
        if answer < 0 { throw LinuxError(Errno(answer: answer), call: "bpf(BPF_OBJ_GET)", path: path) }
        return try .adopting(answer, "bpf")
    }

    /// The kinds of object that have numbers.
    public enum ObjectKind: Sendable, Hashable, CaseIterable {
        /// Programs, maps (Linux 4.13), BTF (4.18 to open, 5.4 to list), links (5.8).
        case program, map, btf, link

        var next: BPFCommand {
            switch self {
            case .program: .nextProgram
            case .map: .nextMap
            case .btf: .nextBTF
            case .link: .nextLink
            }
        }

        var open: BPFCommand {
            switch self {
            case .program: .openProgram
            case .map: .openMap
            case .btf: .openBTF
            case .link: .openLink
            }
        }
    }

    /// The lowest number above another one (`BPF_*_GET_NEXT_ID`), or `nil` when there is none. Start with 0.
    public static func nextID(_ kind: ObjectKind, after number: UInt32) throws(LinuxError) -> UInt32? {
        var attributes = skep_object_id()
        attributes.id = number
        let answer = call(kind.next, &attributes)
        if answer == -Int(Errno.noSuchFileOrDirectory.rawValue) { return nil }
        try check(answer, kind.next)
        return attributes.next_id
    }

    /// All numbers of a kind at this moment, ascending. Objects may go away before they are opened.
    public static func ids(_ kind: ObjectKind) throws(LinuxError) -> [UInt32] {
        var all: [UInt32] = []
        var last: UInt32 = 0
        while let next = try nextID(kind, after: last), next > last {
            all.append(next)
            last = next
        }
        return all
    }

    /// Opens an object by its number (`BPF_*_GET_FD_BY_ID`).
    ///
    /// - Parameter flags: 0, `BPF_F_RDONLY` (8) or `BPF_F_WRONLY` (16), for maps.
    /// - Throws: `ENOENT` when it is gone.
    public static func open(_ kind: ObjectKind, id: UInt32, flags: UInt32 = 0) throws(LinuxError) -> FileDescriptor {
        var attributes = skep_object_id()
        attributes.id = id
        attributes.open_flags = flags
        return try descriptor(call(kind.open, &attributes), kind.open)
    }

    /// Binds a map's lifetime to a program's (`BPF_PROG_BIND_MAP`, Linux 5.10).
    public static func bindMap(_ map: Int32, to program: Int32) throws(LinuxError) {
        var attributes = skep_program_bind_map()
        attributes.prog_fd = UInt32(bitPattern: program)
        attributes.map_fd = UInt32(bitPattern: map)
        try check(call(.bindMap, &attributes), .bindMap)
    }

    /// Makes the kernel count runs and run time of all programs while the descriptor is open (`BPF_ENABLE_STATS`,
    /// Linux 5.8).
    public static func enableStatistics() throws(LinuxError) -> FileDescriptor {
        var attributes = skep_one_number(value: 0)  // BPF_STATS_RUN_TIME
        return try descriptor(call(.enableStatistics, &attributes), .enableStatistics)
    }

    /// Opens an iterator link for reading (`BPF_ITER_CREATE`, Linux 5.8).
    public static func createIterator(link: Int32) throws(LinuxError) -> FileDescriptor {
        var attributes = skep_two_numbers(first: UInt32(bitPattern: link), second: 0)
        return try descriptor(call(.createIterator, &attributes), .createIterator)
    }

    /// Makes a token that carries the rights delegated to a bpffs (`BPF_TOKEN_CREATE`, Linux 6.9).
    public static func createToken(fileSystem: Int32) throws(LinuxError) -> FileDescriptor {
        var attributes = skep_two_numbers(first: 0, second: UInt32(bitPattern: fileSystem))
        return try descriptor(call(.createToken, &attributes), .createToken)
    }

    /// Makes a program of another kind work for a table of functions (`BPF_PROG_ASSOC_STRUCT_OPS`, Linux 7.0).
    public static func associate(program: Int32, structOps map: Int32) throws(LinuxError) {
        var attributes = skep_program_bind_map()
        attributes.prog_fd = UInt32(bitPattern: map)
        attributes.map_fd = UInt32(bitPattern: program)
        try check(call(.associateStructOps, &attributes), .associateStructOps)
    }

    /// Reads what a program printed to its stream (`BPF_PROG_STREAM_READ_BY_FD`, Linux 6.17).
    ///
    /// - Parameter stream: 1 standard output, 2 standard error.
    public static func readStream(
        of program: Int32, stream: UInt32, into buffer: UnsafeMutableRawBufferPointer
    ) throws(LinuxError) -> Int {
        var attributes = skep_program_stream_read()
        attributes.stream_buf = address(UnsafeRawPointer(buffer.baseAddress))
        attributes.stream_buf_len = UInt32(clamping: buffer.count)
        attributes.stream_id = stream
        attributes.prog_fd = UInt32(bitPattern: program)
        let answer = call(.readStream, &attributes)
        try check(answer, .readStream)
        return answer
    }
}
