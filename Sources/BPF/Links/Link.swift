// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Linux

/// An attachment of a program: it lasts as long as this value, and ends when the value goes.
///
/// ```swift
/// let link = try object.program(named: "enter").attach()
/// // events arrive until `link` goes out of scope
/// ```
///
/// One value may stand for several attachments that belong together, such as a sampling event on every CPU.
public struct Link: ~Copyable, Sendable {
    /// What was attached to, for people: `tracepoint syscalls/sys_enter_openat`.
    public let description: String
    private var parts: [LinkPart]

    init(_ description: String, parts: [LinkPart]) {
        self.description = description
        self.parts = parts
    }

    init(_ description: String, descriptor: consuming FileDescriptor) {
        self.init(description, parts: [LinkPart(descriptor)])
    }

    /// What a link consists of, for owners of several links.
    struct Parts: Sendable {
        let description: String
        let parts: [LinkPart]
    }

    consuming func takeParts() -> Parts { Parts(description: description, parts: parts) }

    /// The number of attachments that this value stands for.
    public var count: Int { parts.count }

    /// Ends the attachment now.
    public consuming func detach() {
        parts = []
    }

    /// The numbers of the descriptors of the kernel's links, empty for attachments of other forms.
    public var rawDescriptors: [Int32] { parts.compactMap(\.linkDescriptor) }

    /// Replaces the program without a gap.
    ///
    /// - Throws: ``BPFError`` when this kind of attachment cannot be updated.
    /// - Note: `BPF_LINK_UPDATE`, Linux 5.7, for XDP, tc and cgroup links.
    public func update(to program: Program) throws(BPFError) {
        for part in parts {
            guard let link = part.linkDescriptor else {
                throw BPFError(.notSupported, "the attachment to \(description) cannot change its program")
            }
            do throws(LinuxError) {
                try BPFSystemCall.updateLink(link, program: program.rawDescriptor)
            } catch {
                throw BPFError.system(error, "cannot change the program of the attachment to \(description)")
            }
        }
    }

    /// Keeps the attachment alive by a path of a bpffs.
    ///
    /// - Throws: ``BPFError`` when the attachment is not one link of the kernel's.
    /// - Note: Linux 5.7.
    public func pin(at path: String) throws(BPFError) {
        guard parts.count == 1, let link = parts[0].linkDescriptor else {
            throw BPFError(.notSupported, "the attachment to \(description) cannot be pinned")
        }
        do throws(LinuxError) {
            try BPFSystemCall.pin(link, path: path)
        } catch {
            throw BPFError.system(error, "cannot pin the attachment to \(description)", context: [.init("path", path)])
        }
    }
}

/// One attachment: what keeps it alive, and what ends it.
final class LinkPart: Sendable {
    private let descriptors: [SharedDescriptor]
    /// The descriptor of a link of the kernel's, which can be pinned and updated.
    let linkDescriptor: Int32?
    private let end: (@Sendable () -> Void)?

    /// An attachment that a link of the kernel's keeps, together with what the link needs.
    init(_ link: consuming FileDescriptor, keeping other: SharedDescriptor? = nil) {
        linkDescriptor = link.rawValue
        descriptors = [SharedDescriptor(name: "link", descriptor: link)] + (other.map { [$0] } ?? [])
        end = nil
    }

    /// An attachment that lasts as long as a descriptor that is no link: a perf event, a socket.
    init(event: SharedDescriptor) {
        linkDescriptor = nil
        descriptors = [event]
        end = nil
    }

    /// An attachment that must be taken away by an action.
    init(endingWith end: @escaping @Sendable () -> Void) {
        linkDescriptor = nil
        descriptors = []
        self.end = end
    }

    deinit { end?() }
}
