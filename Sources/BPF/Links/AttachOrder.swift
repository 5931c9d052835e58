// SPDX-License-Identifier: Apache-2.0

/// Where a program stands among others on one hook, where the kernel keeps an order: tcx (Linux 6.6), netkit (6.7) and
/// cgroups (6.17).
///
/// ```swift
/// options.order = AttachOrder(.before(.program(id: 42)))
/// ```
public struct AttachOrder: Sendable, Hashable {
    /// The place, or `nil` for the kernel's choice, which is the end.
    public var place: Place?
    /// The revision that the hook must have, as ``AttachedPrograms/revision`` told it; 0 for any.
    public var revision: UInt64

    /// A place on a hook.
    public enum Place: Sendable, Hashable {
        /// Before all others (`BPF_F_BEFORE`).
        case first
        /// After all others (`BPF_F_AFTER`).
        case last
        /// Right before another one.
        case before(Neighbour)
        /// Right after another one.
        case after(Neighbour)
    }

    /// Another program on the hook.
    public enum Neighbour: Sendable, Hashable {
        /// A program, by its number.
        case program(id: UInt32)
        /// A link, by its number.
        case link(id: UInt32)
    }

    /// Makes an order.
    public init(_ place: Place? = nil, revision: UInt64 = 0) {
        self.place = place
        self.revision = revision
    }

    /// Whether the kernel may choose.
    var isFree: Bool { place == nil && revision == 0 }

    /// The flags for the kernel: `BPF_F_BEFORE` 8, `BPF_F_AFTER` 16, `BPF_F_ID` 32, `BPF_F_LINK` 1 << 13.
    var flags: UInt32 {
        switch place {
        case nil: 0
        case .first: 8
        case .last: 16
        case .before(let neighbour): 8 | neighbour.flags
        case .after(let neighbour): 16 | neighbour.flags
        }
    }

    /// The neighbour's number, or 0.
    var relative: UInt32 {
        switch place {
        case nil, .first, .last: 0
        case .before(let neighbour), .after(let neighbour): neighbour.id
        }
    }
}

extension AttachOrder.Neighbour {
    fileprivate var id: UInt32 {
        switch self {
        case .program(let id), .link(let id): id
        }
    }

    fileprivate var flags: UInt32 {
        switch self {
        case .program: 1 << 5
        case .link: 1 << 5 | 1 << 13
        }
    }
}
