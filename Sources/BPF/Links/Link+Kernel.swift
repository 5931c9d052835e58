// SPDX-License-Identifier: Apache-2.0

public import Linux

extension Link {
    /// What the kernel tells of the link.
    ///
    /// - Throws: ``BPFError`` when this value stands for no link or for several; ``allInformation()`` tells of each.
    /// - Note: `BPF_OBJ_GET_INFO_BY_FD`, Linux 5.8.
    public var information: LinkInformation {
        get throws(BPFError) {
            let all = try allInformation()
            guard all.count == 1, count == 1 else {
                throw BPFError(
                    .notSupported, "the attachment to \(description) consists of \(count) parts and \(all.count) links")
            }
            return all[0]
        }
    }

    /// What the kernel tells of each of its links that this value stands for.
    public func allInformation() throws(BPFError) -> [LinkInformation] {
        var all: [LinkInformation] = []
        for number in rawDescriptors {
            do throws(LinuxError) {
                all.append(try BPFSystemCall.linkInformation(of: number))
            } catch {
                throw BPFError.system(error, "cannot describe the attachment to \(description)")
            }
        }
        return all
    }

    /// Opens a link by its number: the attachment then lasts at least as long as this value.
    ///
    /// - Throws: ``BPFError`` with the code `notFound` when there is no such link.
    /// - Note: `BPF_LINK_GET_FD_BY_ID`, Linux 5.8.
    public init(id: UInt32) throws(BPFError) {
        try self.init(opened: LiveObjects.open(.link, id))
    }

    /// Opens a link that is pinned at a path.
    ///
    /// - Throws: ``BPFError`` with the code `notFound` when nothing is pinned there, `invalidArgument` when it is no link.
    /// - Note: `BPF_OBJ_GET`, Linux 5.7.
    public init(pinnedAt path: String) throws(BPFError) {
        guard try PinnedObject.kind(at: path) == .link else {
            throw BPFError(.invalidArgument, "what is pinned at \(path) is no link")
        }
        try self.init(opened: LiveObjects.open(pinned: path))
    }

    private init(opened descriptor: consuming FileDescriptor) throws(BPFError) {
        let information: LinkInformation
        do throws(LinuxError) {
            information = try BPFSystemCall.linkInformation(of: descriptor.rawValue)
        } catch {
            throw BPFError.system(error, "the kernel does not describe a link")
        }
        self.init("\(information.kind) link \(information.id)", descriptor: descriptor)
    }

    /// Ends the attachment although others may hold its link, which stays open and empty.
    ///
    /// - Throws: ``BPFError`` when the attachment is no link, or its kind cannot be ended so.
    /// - Note: `BPF_LINK_DETACH`, Linux 5.9, for XDP, tc, netkit, cgroup, network namespace, struct_ops and sockmap links.
    public func disconnect() throws(BPFError) {
        guard rawDescriptors.count == count else {
            throw BPFError(.notSupported, "the attachment to \(description) is no link of the kernel's")
        }
        for number in rawDescriptors {
            do throws(LinuxError) {
                try BPFSystemCall.detachLink(number)
            } catch {
                throw disconnectError(error, number)
            }
        }
    }

    private borrowing func disconnectError(_ error: LinuxError, _ number: Int32) -> BPFError {
        if error.errno == .invalidArgument, KernelVersion.current < "5.9" {
            return BPFError(
                .notSupported, "detaching links needs Linux 5.9, this is \(KernelVersion.current)", cause: error)
        }
        if error.errno == .notSupported || error.errno == .kernelNotSupported,
            let information = try? BPFSystemCall.linkInformation(of: number)
        {
            return BPFError(
                .notSupported, "the kernel ends links of the kind \(information.kind) only with their owners",
                hint: "`skep link show \(information.id)` names who holds it", cause: error)
        }
        return BPFError.system(error, "cannot end the attachment to \(description)")
    }
}
