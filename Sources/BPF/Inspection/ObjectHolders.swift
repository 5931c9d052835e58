// SPDX-License-Identifier: Apache-2.0

import Linux

/// Which processes hold descriptors of programs, maps, links and types.
///
/// Found in /proc/PID/fdinfo; only processes that this one may look into are seen, and a process that passes its
/// descriptors on at that moment may be missed.
///
/// ```swift
/// let holders = ObjectHolders.find()
/// for process in holders.of(.program, id: 42) { print(process.number, process.name) }
/// ```
public struct ObjectHolders: Sendable {
    /// A process that holds something.
    public struct Holder: Sendable, Hashable {
        /// The process's number.
        public let number: Int32
        /// The process's name (`comm`), up to 15 bytes.
        public let name: String
    }

    private struct Key: Hashable {
        let kind: LiveObjectKind
        let id: UInt32
    }

    private var holders: [Key: [Holder]] = [:]

    /// Nothing is held.
    public init() {}

    /// Looks through all processes but this one.
    ///
    /// - Complexity: O(open descriptors of all processes).
    public static func find() -> ObjectHolders {
        var found = ObjectHolders()
        for process in (try? Processes.all()) ?? [] where process != Processes.current {
            var name: String?
            // A process may end at any time, and others' descriptors may be hidden: both leave out.
            for descriptor in (try? Directory.names(in: "/proc/\(process)/fd")) ?? [] {
                guard let target = try? Files.linkTarget("/proc/\(process)/fd/\(descriptor)"),
                    target.hasPrefix("anon_inode:"), target.contains("bpf") || target.contains("btf"),
                    let text = try? Files.readText("/proc/\(process)/fdinfo/\(descriptor)", limit: 1 << 16)
                else { continue }
                for (key, kind) in keys {
                    guard let id = DescriptorFacts.parse(text)[key].flatMap({ UInt32($0) }) else { continue }
                    // A link's file names its program too, but holds the link.
                    if kind == .program, target.contains("link") { continue }
                    let known = name ?? comm(of: process)
                    name = known
                    found.add(kind, id, Holder(number: process, name: known))
                }
            }
        }
        return found
    }

    /// The processes that hold an object, by number.
    public func of(_ kind: LiveObjectKind, id: UInt32) -> [Holder] {
        holders[Key(kind: kind, id: id)] ?? []
    }

    private static let keys: [(String, LiveObjectKind)] = [
        ("prog_id", .program), ("map_id", .map), ("link_id", .link), ("btf_id", .types),
    ]

    private mutating func add(_ kind: LiveObjectKind, _ id: UInt32, _ holder: Holder) {
        let key = Key(kind: kind, id: id)
        if holders[key]?.last != holder { holders[key, default: []].append(holder) }
    }

    private static func comm(of process: Int32) -> String {
        let text = (try? Files.readText("/proc/\(process)/comm", limit: 4096)) ?? "?"
        return String(text.prefix { $0 != "\n" })
    }
}
