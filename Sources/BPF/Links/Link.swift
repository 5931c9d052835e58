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
    /// - Parameters:
    ///   - program: the new program, of the same kind.
    ///   - expected: the program that must still be attached (`BPF_F_REPLACE`), or `nil` for any.
    /// - Throws: ``BPFError`` when this kind of attachment cannot be updated, or when another program is attached.
    /// - Note: `BPF_LINK_UPDATE`, Linux 5.7, for XDP, tc, netkit, cgroup, network namespace and sockmap links; netlink and
    ///   `BPF_PROG_ATTACH` for attachments without a link.
    public func update(to program: Program, replacing expected: Program? = nil) throws(BPFError) {
        var changed: [(link: Int32, old: SharedDescriptor)] = []
        for part in parts {
            do throws(LinuxError) {
                if let link = part.linkDescriptor {
                    let old = parts.count > 1 ? try Self.program(of: link) : nil
                    try BPFSystemCall.updateLink(
                        link, program: program.rawDescriptor, replacing: expected?.rawDescriptor)
                    if let old { changed.append((link, old)) }
                } else if let manual = part.manual {
                    try manual.update(to: program, replacing: expected)
                } else {
                    throw LinuxError(.notSupported, call: "update")
                }
            } catch {
                // All of them run one program, the new or the old.
                for (link, old) in changed {
                    try? BPFSystemCall.updateLink(link, program: old.descriptor.rawValue, replacing: nil)
                }
                throw updateError(error, expected)
            }
        }
    }

    private static func program(of link: Int32) throws(LinuxError) -> SharedDescriptor {
        let id = try BPFSystemCall.linkInformation(of: link).programID
        return SharedDescriptor(name: "program", descriptor: try BPFSystemCall.open(.program, id: id))
    }

    private borrowing func updateError(_ error: LinuxError, _ expected: Program?) -> BPFError {
        switch error.errno {
        case .notSupported, .kernelNotSupported:
            return BPFError(.notSupported, "the attachment to \(description) cannot change its program", cause: error)
        case .notPermitted, .exists, .noSuchFileOrDirectory:
            // The kernel's answer when BPF_F_REPLACE names another program.
            guard let expected else { break }
            return BPFError(
                .invalidArgument, "the program \(expected.name) is not the one that is attached to \(description)",
                hint: "someone else has replaced it", cause: error)
        case .invalidArgument where (try? allInformation())?.contains { $0.kind.keepsItsProgram } ?? false:
            return BPFError(.notSupported, "the attachment to \(description) cannot change its program", cause: error)
        default: break
        }
        return BPFError.system(error, "cannot change the program of the attachment to \(description)")
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
            throw PinnedObject.failure(error, "the attachment to \(description)", at: path)
        }
    }
}

/// One attachment: what keeps it alive, and what ends it.
final class LinkPart: Sendable {
    private let descriptors: [SharedDescriptor]
    /// The descriptor of a link of the kernel's, which can be pinned and updated.
    let linkDescriptor: Int32?
    /// An attachment without a link that can be updated.
    let manual: (any ManualAttachment)?
    private let end: (@Sendable () -> Void)?

    /// An attachment that a link of the kernel's keeps, together with what the link needs.
    init(_ link: consuming FileDescriptor, keeping other: SharedDescriptor? = nil) {
        linkDescriptor = link.rawValue
        descriptors = [SharedDescriptor(name: "link", descriptor: link)] + (other.map { [$0] } ?? [])
        manual = nil
        end = nil
    }

    /// An attachment that lasts as long as a descriptor that is no link: a perf event, a socket.
    init(event: SharedDescriptor) {
        linkDescriptor = nil
        descriptors = [event]
        manual = nil
        end = nil
    }

    /// An attachment that must be taken away by an action.
    init(endingWith end: @escaping @Sendable () -> Void) {
        linkDescriptor = nil
        descriptors = []
        manual = nil
        self.end = end
    }

    /// An attachment without a link.
    init(_ manual: any ManualAttachment) {
        linkDescriptor = nil
        descriptors = []
        self.manual = manual
        end = nil
    }

    deinit {
        end?()
        manual?.end()
    }
}
