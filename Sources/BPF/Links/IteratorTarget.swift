// SPDX-License-Identifier: Apache-2.0

import Bytes
import Linux

/// What an iterator goes over, where its section leaves that open: a map's elements, one process, the cgroups below one.
///
/// ```swift
/// var options = AttachOptions()
/// options.iterator.map = try object.map(named: "counts")
/// let text = try object.program(named: "show").attach(options).readIterator()
/// ```
///
/// - Note: `union bpf_iter_link_info` of `include/uapi/linux/bpf.h`.
public struct IteratorTarget: Sendable {
    /// The map, for `iter/bpf_map_elem` and `iter/bpf_sk_storage_map` (Linux 5.8).
    public var map: UntypedMap?
    /// The thread, for `iter/task`, `iter/task_file` and `iter/task_vma` (Linux 6.1).
    public var thread: Int32?
    /// The process whose threads are shown, for the same (Linux 6.1).
    public var process: Int32?
    /// The path of a cgroup's folder, for `iter/cgroup` (Linux 6.1).
    public var cgroup: String?
    /// In which order cgroups come.
    public var order = CgroupOrder.descendantsFirst

    /// The order of an iterator over cgroups: `enum bpf_cgroup_iter_order`.
    public enum CgroupOrder: UInt32, Sendable, Hashable {
        /// The cgroup alone.
        case alone = 1
        /// The cgroup, then those below.
        case parentsFirst = 2
        /// Those below, then the cgroup.
        case descendantsFirst = 3
        /// The cgroup and those above.
        case ancestors = 4
    }

    /// Goes over everything.
    public init() {}

    /// Whether it says anything.
    var isEmpty: Bool { map == nil && thread == nil && process == nil && cgroup == nil }

    /// The kernel's form; the cgroup's descriptor must live until the link is made.
    func bytes(cgroup descriptor: Int32?) -> [UInt8] {
        var words: [UInt32] = []
        if let map {
            words = [UInt32(bitPattern: map.rawDescriptor)]
        } else if let descriptor {
            words = [order.rawValue, UInt32(bitPattern: descriptor), 0, 0]
        } else if thread != nil || process != nil {
            words = [UInt32(bitPattern: thread ?? 0), UInt32(bitPattern: thread == nil ? process ?? 0 : 0), 0]
        }
        // The union is as long as its longest member, and the kernel wants its rest to be zero.
        while !words.isEmpty, words.count < 4 { words.append(0) }
        var bytes: [UInt8] = []
        for word in words { bytes.append(word, order: .host) }
        return bytes
    }
}
