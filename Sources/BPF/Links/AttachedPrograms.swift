// SPDX-License-Identifier: Apache-2.0

import BPFObject
public import Linux

/// What is attached to one hook, whoever attached it, in the order in which it runs.
///
/// ```swift
/// let list = try AttachedPrograms.onInterface("eth0", .ingress)
/// options.order = AttachOrder(.first, revision: list.revision)
/// ```
///
/// - Note: `BPF_PROG_QUERY`, Linux 4.16; tcx 6.6, netkit 6.7.
public struct AttachedPrograms: Sendable, Hashable {
    /// The programs.
    public let entries: [Entry]
    /// A number that every change raises, on tcx and netkit hooks and, since Linux 6.17, on cgroups; else 0.
    public let revision: UInt64

    /// One of the programs.
    public struct Entry: Sendable, Hashable {
        /// The program's number.
        public let programID: UInt32
        /// The number of the link that keeps it, or `nil` when there is none or the kernel does not tell.
        public let linkID: UInt32?
    }

    /// The programs of an interface's traffic control (tcx).
    ///
    /// - Throws: ``BPFError`` with the code `notSupported` before Linux 6.6.
    public static func onInterface(
        _ name: String, _ direction: AttachOptions.Direction, in namespace: NetworkNamespace? = nil
    ) throws(BPFError) -> AttachedPrograms {
        try onInterface(
            name, namespace, attachType: direction == .ingress ? 46 : 47,
            TrafficControlHook.tcxRequirement)
    }

    /// The programs of a netkit device.
    ///
    /// - Parameter isPeer: whether those for what the other end sends.
    /// - Throws: ``BPFError`` with the code `notSupported` before Linux 6.7.
    public static func onNetkit(
        _ name: String, isPeer: Bool = false, in namespace: NetworkNamespace? = nil
    ) throws(BPFError) -> AttachedPrograms {
        try onInterface(name, namespace, attachType: isPeer ? 55 : 54, NetkitHook.requirement)
    }

    /// The programs of a cgroup.
    ///
    /// - Parameters:
    ///   - path: the cgroup's folder.
    ///   - section: the name of a cgroup section, such as `cgroup_skb/egress`.
    ///   - inherited: whether to list what really runs, with the programs of cgroups above.
    public static func onCgroup(
        _ path: String, _ section: String, inherited: Bool = false
    ) throws(BPFError) -> AttachedPrograms {
        guard let hook = SectionDefinition.find(section)?.definition, hook.family == .cgroup,
            let type = hook.expectedAttachType
        else { throw BPFError(.invalidArgument, "\(section) is not the section of a cgroup program") }
        do throws(LinuxError) {
            let cgroup = try ControlGroups.open(path)
            return AttachedPrograms(
                try BPFSystemCall.query(
                    target: UInt32(bitPattern: cgroup.rawValue), attachType: type, flags: inherited ? 1 : 0))
        } catch {
            throw BPFError.system(error, "cannot list the programs of the cgroup \(path)")
        }
    }

    private static func onInterface(
        _ name: String, _ namespace: NetworkNamespace?, attachType: UInt32, _ requirement: KernelRequirement
    ) throws(BPFError) -> AttachedPrograms {
        do throws(LinuxError) {
            return try AttachmentNamespace(namespace).run { () throws(LinuxError) in
                AttachedPrograms(
                    try BPFSystemCall.query(target: try Interfaces.index(named: name), attachType: attachType))
            }
        } catch {
            if let lack = requirement.explaining(error) { throw lack }
            if error.errno == .noSuchDevice {
                throw BPFError(.notFound, "there is no network interface \(name)", cause: error)
            }
            throw BPFError.system(error, "cannot list the programs of the interface \(name)")
        }
    }

    private init(_ query: AttachmentQuery) {
        entries = query.programs.enumerated().map { index, program in
            let link = index < query.links.count ? query.links[index] : 0
            return Entry(programID: program, linkID: link == 0 ? nil : link)
        }
        revision = query.revision
    }
}
