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

    /// The numbers of all links of the machine at this moment, ascending; those of other processes too.
    ///
    /// - Throws: ``BPFError``, with the code `refused` without `CAP_SYS_ADMIN`.
    /// - Note: `BPF_LINK_GET_NEXT_ID`, Linux 5.8.
    public static func allIDs() throws(BPFError) -> [UInt32] {
        do throws(LinuxError) {
            return try BPFSystemCall.ids(.link)
        } catch {
            throw BPFError.system(error, "cannot list the links")
        }
    }

    /// Opens a link by its number: the attachment then lasts at least as long as this value.
    ///
    /// - Throws: ``BPFError`` with the code `notFound` when there is no such link.
    /// - Note: `BPF_LINK_GET_FD_BY_ID`, Linux 5.8.
    public init(id: UInt32) throws(BPFError) {
        do throws(LinuxError) {
            try self.init(opened: try BPFSystemCall.open(.link, id: id))
        } catch {
            if error.errno == .noSuchFileOrDirectory { throw BPFError(.notFound, "there is no link \(id)", cause: error) }
            throw BPFError.system(error, "cannot open the link \(id)")
        }
    }

    /// Opens a link that is pinned at a path.
    ///
    /// - Throws: ``BPFError`` with the code `notFound` when nothing is pinned there, `invalidArgument` when it is no link.
    /// - Note: `BPF_OBJ_GET`, Linux 5.7.
    public init(pinnedAt path: String) throws(BPFError) {
        do throws(LinuxError) {
            try self.init(opened: try BPFSystemCall.open(pinned: path))
        } catch {
            switch error.errno {
            case .noSuchFileOrDirectory: throw BPFError(.notFound, "nothing is pinned at \(path)", cause: error)
            case .invalidArgument: throw BPFError(.invalidArgument, "what is pinned at \(path) is no link", cause: error)
            default: throw BPFError.system(error, "cannot open the link at \(path)")
            }
        }
    }

    private init(opened descriptor: consuming FileDescriptor) throws(LinuxError) {
        // A program or map has other information, so the kind of what was pinned is asked of its file.
        let target = try Files.linkTarget("/proc/self/fd/\(descriptor.rawValue)")
        guard target.contains("bpf_link") || target.contains("bpf-link") else {
            throw LinuxError(.invalidArgument, call: "bpf(BPF_OBJ_GET)", explanation: "\(target) is no link")
        }
        let information = try BPFSystemCall.linkInformation(of: descriptor.rawValue)
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
                throw BPFError.system(error, "cannot end the attachment to \(description)")
            }
        }
    }
}
