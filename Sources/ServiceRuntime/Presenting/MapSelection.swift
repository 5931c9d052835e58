// SPDX-License-Identifier: Apache-2.0

import BPFObject

/// Which maps a run shows: those that are asked for, else, where no stream shows anything, those that hold results.
struct MapSelection {
    private let spec: ObjectSpec
    private let run: RunOptions

    init(_ spec: ObjectSpec, _ run: RunOptions) {
        self.spec = spec
        self.run = run
    }

    /// The maps to show.
    ///
    /// - Parameters:
    ///   - streams: whether rows are shown.
    ///   - others: whether other results than maps are shown.
    func names(streams: Bool, others: Bool) throws(ServiceError) -> [String] {
        if !run.maps.isEmpty {
            for name in run.maps where spec.map(named: name).map({ Self.hasEntries($0.kind) }) != true {
                if let map = spec.map(named: name), let reason = Self.reason(map.kind) {
                    throw ServiceError(.usage, "the entries of \(name), a \(map.kind), cannot be shown: \(reason)")
                }
                let known = spec.maps.filter { Self.hasEntries($0.kind) && $0.section == nil }.map(\.name)
                throw ServiceError(
                    .usage, "there is no map \(name) whose entries can be shown",
                    hint: known.isEmpty ? "the service has none" : "it has " + known.joined(separator: ", "))
            }
            return run.maps
        }
        guard !streams else { return [] }
        // What programs delete again is kept for a moment only, such as the start of something that is measured; what
        // they only look up is set by user space.
        let operations = spec.mapOperations
        let temporary = Set(operations.filter { $0.kind == .delete }.map(\.map))
        let written = Set(operations.filter { $0.kind == .update }.map(\.map))
        let results = spec.maps.filter { map in
            guard map.section == nil, Self.hasEntries(map.kind), !temporary.contains(map.name) else { return false }
            let isArray = map.kind == .array || map.kind == .perCPUArray
            return isArray || written.contains(map.name)
        }
        // An array of one element is often a place to work in, which says nothing beside real results.
        let told = results.filter { !($0.maximumEntries <= 1 && Self.isScratch($0.name)) }
        return (told.isEmpty && !others ? results : told).map(\.name)
    }

    /// Whether a map's name says that its values are kept for the programs themselves.
    private static func isScratch(_ name: String) -> Bool {
        let words = [
            "start", "heap", "scratch", "tmp", "temp", "zero", "buf", "buffer", "init", "empty", "config", "cfg",
        ]
        return name.lowercased().split(separator: "_").contains { words.contains(String($0)) }
    }

    /// Why a kind has no entries to show.
    private static func reason(_ kind: MapKind) -> String? {
        switch kind {
        case .queue, .stack: "the kernel shows a value only when it takes it out"
        case .bloomFilter: "it answers only whether it holds a value that is given"
        case .socketStorage, .inodeStorage, .taskStorage, .cgroupStorage:
            "its values belong to sockets, files, processes or cgroups, which have no list"
        case .ringBuffer, .perfEventArray: "its records are shown as rows, as they come"
        case .userRingBuffer: "its records go to programs"
        case .arena: "it is memory without entries"
        case .programArray, .arrayOfMaps, .hashOfMaps, .deviceMap, .deviceMapHash, .cpuMap, .xdpSocketMap,
            .socketMap, .socketHash, .reuseportSocketArray, .cgroupArray:
            "its values stand for other objects of the kernel"
        default: nil
        }
    }

    private static func hasEntries(_ kind: MapKind) -> Bool {
        switch kind {
        case .hash, .array, .perCPUHash, .perCPUArray, .leastRecentlyUsedHash, .leastRecentlyUsedPerCPUHash,
            .longestPrefixMatchTrie, .resizableHash, .deprecatedCgroupStorage, .perCPUCgroupStorage:
            true
        default: false
        }
    }
}
