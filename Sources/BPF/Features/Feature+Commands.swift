// SPDX-License-Identifier: Apache-2.0

import Linux

extension Feature {
    /// The commands of bpf(2), apart from those that make maps and load programs.
    ///
    /// Each is called with a descriptor, number or path that does not exist: a kernel that knows the command minds that,
    /// one that does not answers `EINVAL`.
    public static let commands: [Feature] = [
        command(.lookupElement, "3.19") { () throws(LinuxError) in
            var (key, value) = (UInt64(0), UInt64(0))
            _ = try BPFSystemCall.lookup(map: none, key: &key, value: &value)
        },
        command(.updateElement, "3.19") { () throws(LinuxError) in
            var (key, value) = (UInt64(0), UInt64(0))
            try BPFSystemCall.update(map: none, key: &key, value: &value)
        },
        command(.deleteElement, "3.19") { () throws(LinuxError) in
            var key: UInt64 = 0
            _ = try BPFSystemCall.delete(map: none, key: &key)
        },
        command(.nextKey, "3.19") { () throws(LinuxError) in
            var next: UInt64 = 0
            _ = try BPFSystemCall.nextKey(map: none, after: nil, into: &next)
        },
        command(.openPinned, "4.4") { () throws(LinuxError) in _ = try BPFSystemCall.open(pinned: "/skep/none") },
        command(.attachProgram, "4.10", ["CONFIG_CGROUP_BPF"]) { () throws(LinuxError) in
            try BPFSystemCall.attach(ProgramAttachment(program: none, target: .max, attachType: 0))
        },
        command(.testRun, "4.12") { () throws(LinuxError) in _ = try BPFSystemCall.testRun(TestRun(program: none)) },
        command(.nextProgram, "4.13") { () throws(LinuxError) in _ = try BPFSystemCall.nextID(.program, after: 0) },
        command(.nextMap, "4.13") { () throws(LinuxError) in _ = try BPFSystemCall.nextID(.map, after: 0) },
        command(.openProgram, "4.13") { () throws(LinuxError) in
            _ = try BPFSystemCall.open(.program, id: highest)
        },
        command(.openMap, "4.13") { () throws(LinuxError) in _ = try BPFSystemCall.open(.map, id: highest) },
        command(.information, "4.13") { () throws(LinuxError) in _ = try BPFSystemCall.mapInformation(of: none) },
        command(.query, "4.16", ["CONFIG_CGROUP_BPF"]) { () throws(LinuxError) in
            _ = try BPFSystemCall.query(target: .max, attachType: 0)
        },
        command(.openRawTracepoint, "4.17", ["CONFIG_BPF_EVENTS"]) { () throws(LinuxError) in
            _ = try BPFSystemCall.openRawTracepoint(program: none, name: "none")
        },
        command(.openBTF, "4.18") { () throws(LinuxError) in _ = try BPFSystemCall.open(.btf, id: highest) },
        command(.lookupAndDeleteElement, "4.20") { () throws(LinuxError) in
            var (key, value) = (UInt64(0), UInt64(0))
            _ = try BPFSystemCall.lookupAndDelete(map: none, key: &key, value: &value)
        },
        command(.freezeMap, "5.2") { () throws(LinuxError) in try BPFSystemCall.freeze(map: none) },
        command(.nextBTF, "5.4") { () throws(LinuxError) in _ = try BPFSystemCall.nextID(.btf, after: 0) },
        command(.lookupBatch, "5.6") { () throws(LinuxError) in
            var (next, key, value) = (UInt64(0), UInt64(0), UInt64(0))
            _ = try BPFSystemCall.lookupBatch(
                map: none, from: nil, next: &next, keys: &key, values: &value, count: 1)
        },
        command(.createLink, "5.7") { () throws(LinuxError) in
            _ = try BPFSystemCall.createLink(LinkCreation(program: none, target: .max, attachType: 0))
        },
        command(.updateLink, "5.7") { () throws(LinuxError) in try BPFSystemCall.updateLink(none, program: none) },
        command(.openLink, "5.8") { () throws(LinuxError) in _ = try BPFSystemCall.open(.link, id: highest) },
        command(.nextLink, "5.8") { () throws(LinuxError) in _ = try BPFSystemCall.nextID(.link, after: 0) },
        command(.enableStatistics, "5.8") { () throws(LinuxError) in _ = try BPFSystemCall.enableStatistics() },
        command(.createIterator, "5.8") { () throws(LinuxError) in _ = try BPFSystemCall.createIterator(link: none) },
        command(.detachLink, "5.9") { () throws(LinuxError) in try BPFSystemCall.detachLink(none) },
        command(.bindMap, "5.10") { () throws(LinuxError) in try BPFSystemCall.bindMap(none, to: none) },
        command(.createToken, "6.9") { () throws(LinuxError) in _ = try BPFSystemCall.createToken(fileSystem: none) },
        command(.readStream, "6.17") { () throws(LinuxError) in
            var word: UInt64 = 0
            try withUnsafeMutableBytes(of: &word) { buffer throws(LinuxError) in
                _ = try BPFSystemCall.readStream(of: none, stream: 1, into: buffer)
            }
        },
    ]

    /// A descriptor that no process has.
    private static let none: Int32 = -1
    /// A number that no object gets.
    private static let highest: UInt32 = 0x7fff_fff0

    private static func command(
        _ command: BPFCommand, _ version: KernelVersion, _ options: [String] = [],
        _ call: @escaping @Sendable () throws(LinuxError) -> Void
    ) -> Feature {
        let name = command.kernelName.dropFirst(4).lowercased()
        return Feature(.command, name, since: version, options: options) {
            do throws(LinuxError) {
                try call()
                return .available
            } catch {
                switch error.errno {
                // EBADFD: the kernel could not find out what kind of object it is.
                case .badFileDescriptor, .noSuchFileOrDirectory, Errno(rawValue: 77): return .available
                default: return .judge(error)
                }
            }
        }
    }
}
