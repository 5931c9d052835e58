// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Bytes
import Diagnostics
import Linux

/// A table of functions for a kernel subsystem whose functions are programs: a congestion control, a scheduler.
///
/// ```swift
/// let object = try LoadedObject(spec)
/// let link = try object.structOps(named: "mine").attach()
/// // sockets may now ask for it with setsockopt(TCP_CONGESTION)
/// ```
///
/// - Note: `BPF_MAP_TYPE_STRUCT_OPS`, Linux 5.6; with a link (`.struct_ops.link`) 6.4. `kernel/bpf/bpf_struct_ops.c`.
public final class StructOps: Sendable {
    /// The variable's name in the source.
    public let name: String
    /// The kernel's name of the table, such as `tcp_congestion_ops`.
    public let kernelName: String
    /// Whether a link registers it, which can be pinned and updated.
    public let isLinked: Bool
    /// The map that holds it.
    public let map: UntypedMap
    private let value: [UInt8]
    /// The value names them by the numbers of their descriptors, which must stay theirs.
    private let programs: [Program]

    init(
        name: String, kernelName: String, isLinked: Bool, map: UntypedMap, value: [UInt8], programs: [Program]
    ) {
        self.name = name
        self.kernelName = kernelName
        self.isLinked = isLinked
        self.map = map
        self.value = value
        self.programs = programs
    }

    /// What the kernel does with a table: `enum bpf_struct_ops_state`.
    public enum State: UInt32, Sendable, Hashable {
        /// It has no functions yet.
        case empty
        /// It is registered without a link.
        case registered
        /// It was taken out, and users of it still remain.
        case leaving
        /// It is complete; a link registers it.
        case ready
    }

    /// What the kernel does with the table now.
    ///
    /// - Throws: ``BPFError`` when the kernel does not tell.
    public func state() throws(BPFError) -> State {
        guard let value = try map.value(for: [0, 0, 0, 0]),
            let number = value.span.bytes.integer(at: 4, as: UInt32.self, order: .host),
            let state = State(rawValue: number)
        else { throw BPFError(.malformed, "the kernel tells no state of \(name)") }
        return state
    }

    /// Registers the table with its subsystem until the link ends.
    ///
    /// Without a link of the kernel's, the registration is taken back when the value goes; a process that is killed
    /// leaves it behind.
    ///
    /// - Throws: ``BPFError`` when the subsystem refuses it, or something of the same name is registered.
    public func attach() throws(BPFError) -> Link {
        do throws(LinuxError) {
            try store()
        } catch {
            guard isLinked, error.errno == .busy else { throw registrationError(error) }
        }
        let description = "\(kernelName) \(name)"
        guard isLinked else {
            return Link(description, parts: [LinkPart(endingWith: { [map] in Self.remove(map) })])
        }
        do throws(LinuxError) {
            // BPF_STRUCT_OPS
            let link = try BPFSystemCall.createLink(
                LinkCreation(program: map.rawDescriptor, target: 0, attachType: 44))
            return Link(description, descriptor: link)
        } catch {
            throw registrationError(error)
        }
    }

    /// Completes a table that replaces another in a link.
    func complete() throws(BPFError) {
        do throws(LinuxError) {
            try store()
        } catch {
            guard error.errno == .busy else { throw registrationError(error) }
        }
    }

    private func store() throws(LinuxError) {
        var key: UInt32 = 0
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: value.count, alignment: 8)
        defer { buffer.deallocate() }
        buffer.copyBytes(from: value)
        guard let address = buffer.baseAddress else { return }
        try BPFSystemCall.update(map: map.rawDescriptor, key: &key, value: UnsafeRawPointer(address))
    }

    private static func remove(_ map: UntypedMap) {
        var key: UInt32 = 0
        _ = try? BPFSystemCall.delete(map: map.rawDescriptor, key: &key)
    }

    private func registrationError(_ error: LinuxError) -> BPFError {
        let context: [DiagnosticContext] = [.init("map", name), .init("kind", kernelName)]
        switch error.errno {
        case .exists:
            return BPFError(
                .system, "the kernel has a \(kernelName) of this name already", context: context,
                hint: "one that a killed process left goes with `bpftool struct_ops unregister`", cause: error)
        case .invalidArgument:
            return BPFError(
                .system, "the kernel does not accept the \(kernelName) \(name)", context: context,
                hint: "a function that must be there may be missing, or a member has a value that is not allowed",
                cause: error)
        default:
            return BPFError.system(error, "cannot register the \(kernelName) \(name)", context: context)
        }
    }
}

extension LoadedObject {
    /// The table of functions of a name.
    ///
    /// - Throws: ``BPFError`` when there is none, or when it was left out.
    public func structOps(named name: String) throws(BPFError) -> StructOps {
        if let found = structOps.first(where: { $0.name == name }) { return found }
        if let reason = report.missingMaps[name] { throw reason }
        throw BPFError(
            .notFound, "there is no table of functions \(name)",
            hint: "the object has " + structOps.map(\.name).joined(separator: ", "))
    }
}

extension Program {
    /// Makes a program of another kind, such as a tracepoint's, work for a table of functions: functions of the kernel that
    /// it calls then find the table that they are meant for.
    ///
    /// - Throws: ``BPFError`` when the program works for another table already, or the kernel cannot do this.
    /// - Note: `BPF_PROG_ASSOC_STRUCT_OPS`, Linux 7.0.
    public func associate(with structOps: StructOps) throws(BPFError) {
        do throws(LinuxError) {
            try BPFSystemCall.associate(program: rawDescriptor, structOps: structOps.map.rawDescriptor)
        } catch {
            let current = KernelVersion.current
            if error.errno == .invalidArgument, current < "7.0" {
                throw BPFError(
                    .notSupported, "programs work for tables of functions since Linux 7.0, this is \(current)",
                    context: [.init("program", name)], cause: error)
            }
            throw BPFError.system(
                error, "cannot make \(name) work for \(structOps.name)", context: [.init("program", name)])
        }
    }
}

extension Link {
    /// Replaces a registered table of functions without a gap.
    ///
    /// - Parameter structOps: a table of the same kind, from a section `.struct_ops.link`.
    /// - Throws: ``BPFError`` when the attachment is not one of a table, or the subsystem cannot change it.
    /// - Note: `BPF_LINK_UPDATE`, Linux 6.4.
    public func update(to structOps: StructOps) throws(BPFError) {
        guard structOps.isLinked, rawDescriptors.count == 1 else {
            throw BPFError(
                .invalidArgument, "the attachment to \(description) cannot change its table",
                hint: "both tables must be in the section .struct_ops.link")
        }
        try structOps.complete()
        do throws(LinuxError) {
            try BPFSystemCall.updateLink(rawDescriptors[0], program: structOps.map.rawDescriptor)
        } catch {
            throw BPFError.system(error, "cannot change the table of the attachment to \(description)")
        }
    }
}
