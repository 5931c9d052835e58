// SPDX-License-Identifier: Apache-2.0

public import Linux

/// A link of the running kernel, whoever made it, with what the kernel tells of it.
///
/// - Note: `BPF_LINK_GET_FD_BY_ID`, Linux 5.8.
public final class LiveLink: Sendable {
    /// What the kernel told when this was opened.
    public let information: LinkInformation
    /// The attachment, which lasts at least as long as this object.
    public let link: Link

    /// Opens a link by its number.
    ///
    /// - Throws: ``BPFError`` with code `notFound` when there is none.
    public convenience init(id: UInt32) throws(BPFError) {
        try self.init(Link(id: id))
    }

    /// Opens a link by its path in a bpffs.
    ///
    /// - Throws: ``BPFError`` when no link is pinned there.
    public convenience init(pinned path: String) throws(BPFError) {
        try self.init(Link(pinnedAt: path))
    }

    private init(_ link: consuming Link) throws(BPFError) {
        information = try link.information
        self.link = link
    }

    /// The number, as long as it lives.
    public var id: UInt32 { information.id }

    /// The kernel's name of the kind of link, such as `perf_event` (`enum bpf_link_type`).
    public var kind: String { information.kind.description }
}
