// SPDX-License-Identifier: Apache-2.0

import CLinux

/// What `BPF_PROG_ATTACH` and `BPF_PROG_DETACH` need: attachment without a link, which outlives this process.
public struct ProgramAttachment: Sendable, Hashable {
    /// The program's descriptor; for detaching 0 where the hook has only one program.
    public var program: Int32
    /// The cgroup's or map's descriptor, or the interface's index for tcx and netkit.
    public var target: UInt32
    /// `enum bpf_attach_type`.
    public var attachType: UInt32
    /// `BPF_F_ALLOW_OVERRIDE` (1), `BPF_F_ALLOW_MULTI` (2), `BPF_F_REPLACE` (4) and others.
    public var flags: UInt32 = 0
    /// The program to replace, with `BPF_F_REPLACE` (Linux 5.5).
    public var replacing: Int32?
    /// The neighbour's descriptor or number on ordered hooks (Linux 6.6).
    public var relative: UInt32 = 0
    /// The revision that the hook must have (Linux 6.6); 0 for any.
    public var revision: UInt64 = 0

    /// Makes a description.
    public init(program: Int32, target: UInt32, attachType: UInt32, flags: UInt32 = 0) {
        self.program = program
        self.target = target
        self.attachType = attachType
        self.flags = flags
    }

    fileprivate var attributes: skep_program_attach {
        var attributes = skep_program_attach()
        attributes.target = target
        attributes.attach_bpf_fd = UInt32(bitPattern: program)
        attributes.attach_type = attachType
        attributes.attach_flags = flags
        attributes.replace_bpf_fd = UInt32(bitPattern: replacing ?? 0)
        attributes.relative = relative
        attributes.expected_revision = revision
        return attributes
    }
}

/// What is attached to a hook.
public struct AttachmentQuery: Sendable, Hashable {
    /// The flags that programs were attached with.
    public let attachFlags: UInt32
    /// The programs' numbers in the order they run.
    public let programs: [UInt32]
    /// The links' numbers, 0 where a program has none; empty where the kernel does not say (before Linux 6.6).
    public let links: [UInt32]
    /// The hook's revision, which every change raises (Linux 6.6); 0 where it has none.
    public let revision: UInt64
}

extension BPFSystemCall {
    /// Attaches a program without a link (`BPF_PROG_ATTACH`, Linux 4.10).
    public static func attach(_ attachment: ProgramAttachment) throws(LinuxError) {
        var attributes = attachment.attributes
        try check(call(.attachProgram, &attributes), .attachProgram)
    }

    /// Undoes ``attach(_:)`` (`BPF_PROG_DETACH`).
    public static func detach(_ attachment: ProgramAttachment) throws(LinuxError) {
        var attributes = attachment.attributes
        try check(call(.detachProgram, &attributes), .detachProgram)
    }

    /// Lists what is attached to a hook (`BPF_PROG_QUERY`, Linux 4.16).
    ///
    /// - Parameters:
    ///   - target: the cgroup's or namespace's descriptor, or the interface's index.
    ///   - attachType: `enum bpf_attach_type`.
    ///   - flags: 1 (`BPF_F_QUERY_EFFECTIVE`) also shows what a cgroup inherits.
    public static func query(
        target: UInt32, attachType: UInt32, flags: UInt32 = 0
    ) throws(LinuxError) -> AttachmentQuery {
        // Only ordered hooks (tcx 46-47, netkit 54-55) know link numbers; others refuse the array.
        let isOrdered = [46, 47, 54, 55].contains(attachType)
        var capacity = 64
        while true {
            var programs = [UInt32](repeating: 0, count: capacity)
            var links = [UInt32](repeating: 0, count: isOrdered ? capacity : 0)
            var attributes = skep_program_query()
            attributes.target = target
            attributes.attach_type = attachType
            attributes.query_flags = flags
            attributes.count = UInt32(clamping: capacity)
            let answer = programs.withUnsafeMutableBytes { programs in
                links.withUnsafeMutableBytes { links in
                    attributes.prog_ids = address(programs.baseAddress)
                    attributes.link_ids = links.isEmpty ? 0 : address(links.baseAddress)
                    return call(.query, &attributes, minimumSize: MemoryLayout<skep_program_query>.size)
                }
            }
            if answer == -Int(Errno.noSpace.rawValue), capacity < 1 << 16 {
                capacity *= 4
                continue
            }
            try check(answer, .query)
            let count = min(Int(attributes.count), capacity)
            return AttachmentQuery(
                attachFlags: attributes.attach_flags, programs: [UInt32](programs.prefix(count)),
                links: [UInt32](links.prefix(count)), revision: attributes.revision)
        }
    }
}
