// SPDX-License-Identifier: Apache-2.0

import Diagnostics
public import Linux

/// A link of the running kernel, whoever made it.
///
/// - Note: `BPF_LINK_GET_FD_BY_ID`, Linux 5.8; detaching 5.9.
public final class LiveLink: Sendable {
    /// What the kernel told when this was opened.
    public let information: LinkInformation
    private let descriptor: FileDescriptor

    /// Opens a link by its number.
    ///
    /// - Throws: ``BPFError`` with code `notFound` when there is none.
    public convenience init(id: UInt32) throws(BPFError) {
        try self.init(descriptor: LiveObjects.open(.link, id))
    }

    /// Opens a link by its path in a bpffs.
    ///
    /// - Throws: ``BPFError`` when no link is pinned there.
    public convenience init(pinned path: String) throws(BPFError) {
        guard try PinnedObject.kind(at: path) == .link else {
            throw BPFError(.invalidArgument, "what is pinned at \(path) is no link")
        }
        try self.init(descriptor: LiveObjects.open(pinned: path))
    }

    private init(descriptor: consuming FileDescriptor) throws(BPFError) {
        do throws(LinuxError) {
            information = try BPFSystemCall.linkInformation(of: descriptor.rawValue)
        } catch {
            throw BPFError.system(error, "the kernel does not describe a link")
        }
        self.descriptor = descriptor
    }

    /// The number, as long as it lives.
    public var id: UInt32 { information.id }

    /// The number of the descriptor, valid as long as this object lives.
    public var rawDescriptor: Int32 { descriptor.rawValue }

    /// The kernel's name of the kind of link, such as `perf_event` (`enum bpf_link_type`).
    public var kind: String { information.kind.description }

    /// Ends the attachment now, for everyone; the link itself lives on without effect.
    ///
    /// - Throws: ``BPFError`` with code `notSupported` for kinds of link that end only with their owners.
    public func detach() throws(BPFError) {
        do throws(LinuxError) {
            try BPFSystemCall.detachLink(rawDescriptor)
        } catch {
            if error.errno == .notSupported || error.errno == .kernelNotSupported {
                throw BPFError(
                    .notSupported, "the kernel ends links of the kind \(kind) only with their owners",
                    hint: "`skep link show \(id)` names who holds it", cause: error)
            }
            if error.errno == .invalidArgument, KernelVersion.current < "5.9" {
                throw BPFError(
                    .notSupported, "detaching links needs Linux 5.9, this is \(KernelVersion.current)", cause: error)
            }
            throw BPFError.system(error, "cannot detach the link \(id)")
        }
    }

    /// Keeps the attachment alive by a path of a bpffs.
    public func pin(at path: String) throws(BPFError) {
        do throws(LinuxError) {
            try BPFSystemCall.pin(rawDescriptor, path: path)
        } catch {
            throw PinnedObject.failure(error, "the link \(id)", at: path)
        }
    }
}
