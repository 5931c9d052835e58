// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BPF
import BPFObject
import ServiceRuntime

/// `skep map dump`
struct MapDumpCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "dump", abstract: "Show the entries of a map in the forms that its types give them.")
    }

    @Argument(help: "A number, a name, or the path where it is pinned.")
    var map: String

    @Flag(help: "One JSON object a line for each entry, or each CPU's value.")
    var json = false

    @Flag(help: "Sum the values of all CPUs.")
    var sum = false

    @Option(help: "Show so many entries at most.")
    var limit: Int = 1 << 20

    func run() throws {
        let live = try LiveSelection.map(map)
        try Self.check(live)
        let entries = try MapEntries(live)
        var all = try entries.map.entries()
        // While entries come and go, the kernel's iteration may show one twice.
        var seen: Set<[UInt8]> = []
        all.removeAll { !seen.insert($0.key).inserted }
        try entries.write(Array(all.prefix(max(0, limit))), json: json, sums: sum)
        if all.count > limit { StandardError.write("skep: \(all.count - limit) further entries are not shown\n") }
    }

    /// Kinds of map whose entries nobody can list.
    static func check(_ map: LiveMap) throws(ServiceError) {
        switch map.kind {
        case .ringBuffer, .userRingBuffer, .perfEventArray, .arena, .bloomFilter, .queue, .stack, .cgroupArray,
            .socketStorage, .inodeStorage, .taskStorage, .cgroupStorage:
            throw ServiceError(
                .notSupported, "the kernel does not list the entries of maps of the kind \(map.kind)",
                hint: map.kind == .ringBuffer || map.kind == .perfEventArray
                    ? "`skep run` shows the records of its service's buffers" : nil)
        default: break
        }
    }
}
