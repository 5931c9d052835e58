// SPDX-License-Identifier: Apache-2.0

import BPF
import BPFObject
import CheckWorkload
import Linux

extension KernelCheck {
    /// What maps can do besides holding entries.
    static let mapFeatureChecks = [
        KernelCheck(
            "entries are written, read, taken and removed in batches", subject: .feature("map access in batches")
        ) {
            for kind in [MapKind.hash, .leastRecentlyUsedHash, .longestPrefixMatchTrie, .array] {
                try batches(kind, key: kind == .longestPrefixMatchTrie ? 8 : 4)
            }
            return .passed
        },
        // Linux 5.13 has batches for per-CPU arrays; older ones go entry by entry.
        KernelCheck("batches fall back to single entries where the kernel has none") {
            let cpus = try ProcessorList.possibleCount()
            for kind in [MapKind.perCPUArray, .perCPUHash, .leastRecentlyUsedPerCPUHash] {
                // Maps that forget make room before they are full.
                let map = try CheckMaps.make(kind, entries: kind == .leastRecentlyUsedPerCPUHash ? 5000 : 50)
                let entries = (0..<50 as Range<UInt32>).map { key in
                    (CheckMaps.bytes(key), (0..<cpus).flatMap { CheckMaps.bytes(UInt64(key) * 1000 + UInt64($0)) })
                }
                try map.setValues(entries)
                let found = try map.entries()
                try expectSame(found.count, 50, "entries of a \(kind)")
                for entry in found {
                    let key = entry.key.withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) }
                    try expectSame(
                        try entry.values.map { try CheckMaps.number($0) },
                        (0..<cpus).map { UInt64(key) * 1000 + UInt64($0) }, "values of \(key) in a \(kind)")
                }
                guard kind != .perCPUArray else { continue }
                try expectSame(try map.drainEntries()?.count, 50, "entries taken from a \(kind)")
                try expectSame(try map.entries().count, 0, "entries left in a \(kind)")
            }
            return .passed
        },
        KernelCheck("reading entries ends, and misses none that stay, while others come and go") {
            let map = try Map<UInt32, UInt64>(CheckMaps.make(.hash, entries: 4096))
            try map.setValues((0..<1000 as Range<UInt32>).map { ($0 * 2, 1) })
            for _ in 0..<20 {
                // Between two steps every odd key is removed and added again, as a busy program would.
                var seen: Set<UInt32> = []
                var noise: UInt32 = 1
                for entry in try map.entries() {
                    try expect(seen.insert(entry.key).inserted, "the key \(entry.key) is answered twice")
                    try map.setValue(0, for: noise)
                    try map.removeValue(for: noise &- 2)
                    noise = (noise &+ 2) % 2000 | 1
                }
                try expectSame(seen.filter { $0 % 2 == 0 }.count, 1000, "entries that stay")
            }
            return .passed
        },
        KernelCheck(
            "a value is read and removed in one step", minimumKernel: "5.14",
            subject: .feature("taking elements out of maps")
        ) {
            let map = try Map<UInt32, UInt64>(CheckMaps.make(.hash))
            try map.setValue(42, for: 7)
            try expectSame(try map.takeValue(for: 7), 42, "the value")
            try expectSame(try map.takeValue(for: 7), nil, "the value afterwards")
            return .passed
        },
        KernelCheck("values with a lock are read and written whole", subject: .feature("locks in map values")) {
            let object = try CheckObject.load("locked")
            let map = try object.map(named: "pairs")
            try map.setValue([UInt8](repeating: 0, count: 24), for: [0, 0, 0, 0])
            var run = TestRun(
                program: try object.program(named: "change").rawDescriptor, data: [UInt8](repeating: 0, count: 64))
            run.repetitions = 1000
            _ = try BPFSystemCall.testRun(run)
            let value = try map.value(for: [0, 0, 0, 0], locked: true) ?? []
            try expectSame(try CheckMaps.number(Array(value.dropFirst(8))), 1000, "the first number")
            try expectSame(try CheckMaps.number(Array(value.dropFirst(16))), 1000, "the second number")
            try map.setValue(value, for: [0, 0, 0, 0], mode: .replace, locked: true)
            return .passed
        },
        KernelCheck("an array's memory is shared with programs", subject: .feature("mapped maps")) {
            let object = try CheckObject.load("locked")
            let map = try object.map(named: "shared")
            let memory = try map.memory()
            try expect(memory.store(100 as UInt32, at: 42 * memory.stride), "the element lies outside")
            let run = TestRun(
                program: try object.program(named: "change").rawDescriptor, data: [UInt8](repeating: 0, count: 64))
            _ = try BPFSystemCall.testRun(run)
            try expectSame(memory.load(at: 42 * memory.stride, as: UInt32.self), 105, "the element")
            try expectSame(memory.load(at: 100 * memory.stride, as: UInt32.self), nil, "an element past the end")
            return .passed
        },
        KernelCheck("a map is found by number and path, with its types, and may be opened to read only") {
            let object = try CheckObject.load("maps")
            let map = try object.map(named: "by_number")
            try Map<UInt32, UInt64>(map).setValue(3, for: 2)
            let information = try map.information()
            try expectSame(information.name, "by_number", "the name")
            try expect(try UntypedMap.identifiers().contains(information.id), "its number is not listed")
            let again = try UntypedMap(id: information.id)
            try expectSame(try Map<UInt32, UInt64>(again).value(for: 2), 3, "the value by number")
            try expect(again.types != nil && again.valueType != .void, "it has no types")
            let folder = try TemporaryFolder()
            defer { folder.remove() }
            try BPFFileSystem.mount(at: folder.path)
            defer { try? BPFFileSystem.unmount(folder.path) }
            try map.pin(at: folder.path + "/numbers")
            let pinned = try UntypedMap(pinnedAt: folder.path + "/numbers", access: .readOnly)
            try expectSame(try Map<UInt32, UInt64>(pinned).value(for: 2), 3, "the value by path")
            do throws(BPFError) {
                try Map<UInt32, UInt64>(pinned).setValue(4, for: 2)
                return .failed("a map that was opened to read was written")
            } catch {
                try expectSame(error.code, .refused, "the error of writing")
            }
            return .passed
        },
        KernelCheck(
            "a map that belongs to one program is used by it and refused to others", minimumKernel: "6.18",
            subject: .feature("maps for one program only")
        ) {
            var spec = try CheckObject.spec("locked")
            guard let index = spec.maps.firstIndex(where: { $0.name == "shared" }) else {
                return .failed("the object has no map shared")
            }
            spec.maps[index].exclusiveProgram = "change"
            let object = try LoadedObject(spec)
            let map = try Map<UInt32, UInt32>(object.map(named: "shared"))
            let run = TestRun(
                program: try object.program(named: "change").rawDescriptor, data: [UInt8](repeating: 0, count: 64))
            _ = try BPFSystemCall.testRun(run)
            try expectSame(try map.value(for: 42), 5, "what the program wrote")
            // The same object without the bond is another program only by its number; one with other code is refused.
            var options = LoadOptions()
            options.replacedMaps["by_number"] = try object.map(named: "shared")
            var other = try CheckObject.spec("maps")
            for index in other.maps.indices where other.maps[index].name == "by_number" {
                (other.maps[index].kind, other.maps[index].valueSize) = (.array, 4)
            }
            do throws(BPFError) {
                _ = try LoadedObject(other, options: options)
                return .failed("another program was let to the map")
            } catch {
                try expect(error.report.contains("hash"), "the refusal says: \(error.report)")
                return .passed
            }
        },
        KernelCheck("a map is allocated on a memory node", subject: .feature("maps in the memory of one node")) {
            var spec = MapSpec(name: "node", kind: .hash, keySize: 4, valueSize: 8, maximumEntries: 4)
            spec.numaNode = 0
            let map = try UntypedMap.make(spec)
            try expectSame(try map.information().flags & MapFlags.numaNode, MapFlags.numaNode, "the flag")
            return .passed
        },
        KernelCheck("a frozen map is not changed any more", subject: .feature("frozen maps")) {
            let map = try Map<UInt32, UInt64>(CheckMaps.make(.hash))
            try map.setValue(1, for: 1)
            try expectSame(try map.untyped.status().isFrozen, false, "whether it is frozen at first")
            try map.untyped.freeze()
            try expectSame(try map.untyped.status().isFrozen, true, "whether it is frozen")
            do throws(BPFError) {
                try map.setValue(2, for: 1)
                return .failed("a frozen map was changed")
            } catch {
                try expectSame(error.code, .refused, "the error of changing it")
            }
            return .passed
        },
    ]

    private static func batches(_ kind: MapKind, key: UInt32) throws {
        let map = try CheckMaps.make(kind, key: key, entries: 700)
        func bytes(_ number: UInt32) -> [UInt8] {
            // A trie's key: 32 bits of prefix, then the address.
            key == 8 ? CheckMaps.bytes(32 as UInt32) + CheckMaps.bytes(number) : CheckMaps.bytes(number)
        }
        try map.setValues((0..<700 as Range<UInt32>).map { (bytes($0), CheckMaps.bytes(UInt64($0) + 5)) })
        let entries = try map.entries()
        if kind != .leastRecentlyUsedHash { try expectSame(entries.count, 700, "entries of a \(kind)") }
        for entry in entries {
            let number = entry.key.suffix(4).withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) }
            try expectSame(try CheckMaps.number(entry.values.first), UInt64(number) + 5, "a value of a \(kind)")
        }
        if kind == .array {
            try expect(try map.drainEntries() == nil, "entries were taken out of an array")
            return
        }
        // One of three keys is missing.
        let present = Set(entries.map(\.key))
        let keys = [bytes(1), bytes(100_000), bytes(2)]
        try expectSame(
            try map.removeValues(for: keys), keys.filter { present.contains($0) }.count, "removed from a \(kind)")
        let left = try map.entries().count
        try expectSame(try map.drainEntries()?.count, left, "entries taken from a \(kind)")
        try expectSame(try map.entries().count, 0, "entries left in a \(kind)")
    }
}
