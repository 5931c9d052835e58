// SPDX-License-Identifier: Apache-2.0

import BPF
import BPFObject
import CheckWorkload
import Linux

/// Shorthands of the checks of maps.
enum CheckMaps {
    /// Makes a map without an object.
    static func make(
        _ kind: MapKind, key: UInt32 = 4, value: UInt32 = 8, entries: UInt32 = 16, flags: UInt32 = 0
    ) throws(BPFError) -> UntypedMap {
        var spec = MapSpec(
            name: "check_\(kind)", kind: kind, keySize: key, valueSize: value, maximumEntries: entries)
        spec.flags = flags
        return try UntypedMap.make(spec)
    }

    /// The bytes of a 32-bit number.
    static func bytes(_ number: UInt32) -> [UInt8] { withUnsafeBytes(of: number) { [UInt8]($0) } }
    /// The bytes of a 64-bit number.
    static func bytes(_ number: UInt64) -> [UInt8] { withUnsafeBytes(of: number) { [UInt8]($0) } }

    /// A 64-bit number of a value's bytes.
    static func number(_ bytes: [UInt8]?) throws -> UInt64 {
        guard let bytes, bytes.count >= 8 else {
            throw UnmetExpectation(description: "there is no value of 8 bytes but \(bytes ?? [])")
        }
        return bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
    }

    /// Takes over a descriptor that a workload answered.
    static func descriptor(_ answer: Int, _ what: String) throws -> FileDescriptor {
        guard answer >= 0 else {
            throw UnmetExpectation(
                description: "\(what): \(Errno(rawValue: Int32(truncatingIfNeeded: -answer)).name)")
        }
        return FileDescriptor(owning: Int32(truncatingIfNeeded: answer))
    }

    /// Loads the object of many kinds, with routes and this process's cgroup in it.
    static func used(_ count: Int32, programs: Set<String> = ["use_maps", "called"]) throws -> LoadedObject {
        let object = try CheckObject.load("mapkinds", programs: programs)
        let routes = try PrefixTrie<UInt64>(object.map(named: "routes"))
        try routes.setValue(1, for: PrefixKey(bytes: [10, 0, 0, 0], length: 8))
        try routes.setValue(2, for: PrefixKey(bytes: [10, 1, 0, 0], length: 16))
        try routes.setValue(3, for: PrefixKey(bytes: [192, 168, 1, 1], length: 32))
        if let root = try? ControlGroups.mountPoint(), let own = try? ControlGroups.path() {
            let group = try ControlGroups.open(root + own)
            try object.map(named: "groups").setDescriptor(group.rawValue, for: [0, 0, 0, 0])
        }
        let link = try object.program(named: "use_maps").attach()
        skep_workload_get_parent(count)
        link.detach()
        return object
    }
}

extension KernelCheck {
    /// Every kind of map that a kernel has holds what was put in, seen from programs and from user space.
    static let mapKindChecks =
        plainMapChecks + sharedMapChecks + referenceMapChecks + storageMapChecks + newerMapChecks

    /// Kinds whose values are bytes.
    private static let plainMapChecks: [KernelCheck] =
        [(MapKind.hash, "hash"), (.array, "array"), (.leastRecentlyUsedHash, "lru_hash")].map { kind, name in
            KernelCheck("a \(name) map answers exactly what was put in", subject: .map(name)) {
                let map = try Map<UInt32, UInt64>(CheckMaps.make(kind, entries: 100))
                for key in 0..<100 as Range<UInt32> { try map.setValue(UInt64(key) * 7, for: key) }
                try expectSame(try map.value(for: 42), 294, "the value of 42")
                let entries = try map.entries()
                // A least-recently-used map makes room before it is full.
                if kind != .leastRecentlyUsedHash { try expectSame(entries.count, 100, "entries") }
                try expect(entries.count > 50, "there are \(entries.count) entries")
                try expect(entries.allSatisfy { UInt64($0.key) * 7 == $0.value }, "a value belongs to another key")
                return .passed
            }
        }
        + [(MapKind.perCPUHash, "percpu_hash"), (.perCPUArray, "percpu_array")].map { kind, name in
            KernelCheck("a \(name) map has a value of its own for each CPU", subject: .map(name)) {
                let map = try Map<UInt32, UInt32>(CheckMaps.make(kind, value: 4, entries: 8))
                let cpus = UInt32(try ProcessorList.possibleCount())
                for key in 0..<8 as Range<UInt32> {
                    try map.setValuesPerCPU((0..<cpus).map { key * 100 + $0 }, for: key)
                }
                try expectSame(try map.valuesPerCPU(for: 5), (0..<cpus).map { 500 + $0 }, "values of 5")
                let entries = try map.untyped.entries()
                try expectSame(entries.count, 8, "entries")
                try expectSame(entries.map(\.values.count), [Int](repeating: Int(cpus), count: 8), "values per entry")
                return .passed
            }
        } + [
            KernelCheck(
                "a lru_percpu_hash map counts what a program did on each CPU", subject: .map("lru_percpu_hash")
            ) {
                let object = try CheckMaps.used(40)
                let map = try Map<UInt32, UInt64>(object.map(named: "recent_per_cpu"))
                // The update sets the CPU's value to one, the look-ups that follow add to it.
                let sums = try [0, 1].map { try map.valuesPerCPU(for: $0)?.reduce(0, +) ?? 0 }
                try expectSame(try object.number("recent_lost"), 0, "entries that did not fit")
                try expectSame(sums, [20, 20], "the sums of both keys")
                return .passed
            },
            KernelCheck("a lpm_trie finds the longest prefix of an address", subject: .map("lpm_trie")) {
                let object = try CheckMaps.used(1)
                let bytes = try object.bytes(ofVariable: "matched")
                let matched = bytes.withUnsafeBytes { Array($0.bindMemory(to: UInt64.self)) }
                try expectSame(matched, [2, 1, 3, 0], "what the program found")
                let routes = try PrefixTrie<UInt64>(object.map(named: "routes"))
                try expectSame(try routes.value(matching: [10, 1, 200, 1]), 2, "the route of 10.1.200.1")
                try expectSame(try routes.value(matching: [10, 200, 1, 1]), 1, "the route of 10.200.1.1")
                try expectSame(try routes.value(matching: [9, 0, 0, 1]), nil, "the route of 9.0.0.1")
                let names = try routes.entries().map { "\($0.key)=\($0.value)" }.sorted()
                try expectSame(names, ["10.0.0.0/8=1", "10.1.0.0/16=2", "192.168.1.1/32=3"], "prefixes")
                try expectSame(
                    try routes.removeValue(for: PrefixKey(bytes: [10, 1, 2, 3], length: 16)), true, "the removal")
                try expectSame(try routes.value(matching: [10, 1, 200, 1]), 1, "the route afterwards")
                return .passed
            },
            KernelCheck("a queue gives values back in their order, and says when it is full", subject: .map("queue")) {
                let object = try CheckMaps.used(3, programs: ["use_maps", "called", "take"])
                let queue = try MapQueue<UInt64>(object.map(named: "queue"))
                try expectSame(try queue.peek(), 0, "the first value")
                let link = try object.program(named: "take").attach()
                skep_workload_get_group(2)
                link.detach()
                try expectSame(try object.number("popped"), 1, "what the program popped, as digits")
                try expectSame(try queue.pop(), 2, "the last value")
                try expectSame(try queue.pop(), nil, "a value of an empty queue")
                for value in 0..<8 as Range<UInt64> { try expect(try queue.push(value), "it is full at \(value)") }
                try expectSame(try queue.push(8), false, "pushing to a full queue")
                try expectSame(try queue.push(9, replacing: true), true, "pushing over the oldest value")
                try expectSame(try queue.pop(), 1, "the oldest value that is left")
                do throws(BPFError) {
                    _ = try queue.untyped.entries()
                    return .failed("the entries of a queue were listed")
                } catch {
                    try expectSame(error.code, .invalidArgument, "the error of listing a queue")
                }
                return .passed
            },
            KernelCheck("a stack gives back the newest value first", subject: .map("stack")) {
                let object = try CheckMaps.used(5, programs: ["use_maps", "called", "take"])
                let link = try object.program(named: "take").attach()
                skep_workload_get_group(1)
                link.detach()
                try expectSame(try object.number("peeked"), 4, "what the program saw on top")
                let stack = try MapQueue<UInt64>(object.map(named: "stack"))
                var values: [UInt64] = []
                while let value = try stack.pop() { values.append(value) }
                try expectSame(values, [4, 3, 2, 1, 0], "values")
                return .passed
            },
            KernelCheck(
                "a bloom_filter never forgets a value", minimumKernel: "5.16", subject: .map("bloom_filter")
            ) {
                let object = try CheckObject.load("bloom")
                let filter = try BloomFilter<UInt32>(object.map(named: "filter"))
                for value in 0..<300 as Range<UInt32> { try filter.insert(value) }
                let link = try object.program(named: "ask").attach()
                skep_workload_get_parent(1000)
                link.detach()
                let (hits, misses) = (try object.number("hits"), try object.number("misses"))
                try expectSame(hits + misses, 1000, "questions")
                // 300 for certain; of the 700 others a few by chance.
                try expect(hits >= 300 && hits < 500, "the program was told yes \(hits) times")
                for value in 0..<300 as Range<UInt32> {
                    try expect(try filter.mayContain(value), "\(value) is forgotten")
                    try expect(try filter.mayContain(value + 1_000_000), "what the program pushed is forgotten")
                }
                return .passed
            },
        ]

    /// Kinds that have no entries, or whose entries are made elsewhere.
    private static let sharedMapChecks = [
        KernelCheck("a ringbuf carries records to user space", subject: .map("ringbuf")) {
            let object = try CheckObject.load("maps")
            var ring = try RingBuffer(object.map(named: "ring"))
            let link = try object.program(named: "fill").attach()
            skep_workload_get_parent(50)
            link.detach()
            try expectSame(ring.drain { _ in }, 50, "records")
            return .passed
        },
        KernelCheck("a perf_event_array carries records to user space", subject: .map("perf_event_array")) {
            let object = try CheckObject.load("maps")
            var buffer = try PerfBuffer(object.map(named: "perf"))
            let link = try object.program(named: "fill").attach()
            skep_workload_get_parent(50)
            link.detach()
            try expectSame(buffer.drain { _, _ in }, 50, "records")
            return .passed
        },
        KernelCheck(
            "a user_ringbuf carries records to programs, and a full one is waited for", minimumKernel: "6.1",
            subject: .map("user_ringbuf")
        ) {
            let object = try CheckObject.load("userring")
            var sender = try UserRingBuffer(object.map(named: "commands"))
            for number in 1...100 as ClosedRange<UInt64> {
                try expect(try sender.send(CheckMaps.bytes(number)), "it is full at \(number)")
            }
            // Reserved and given up: programs skip it.
            _ = try sender.reserve(byteCount: 16)
            let link = try object.program(named: "drain").attach()
            skep_workload_get_parent(1)
            try expectSame(try object.number("records"), 100, "records")
            try expectSame(try object.number("sum"), 5050, "the sum of the records")
            var sent: UInt64 = 0
            while try sender.send(CheckMaps.bytes(1 as UInt64)) { sent += 1 }
            try expectSame(sent, 256, "records of 16 bytes in 4096")
            let clock = ContinuousClock()
            var isSent = true
            let waited = try clock.measure { isSent = try sender.send(CheckMaps.bytes(1 as UInt64), milliseconds: 50) }
            try expectSame(isSent, false, "sending to a full ring")
            try expect(waited >= .milliseconds(49) && waited < .seconds(5), "it was waited for \(waited)")
            skep_workload_get_parent(1)
            link.detach()
            try expectSame(try object.number("records"), 356, "records after the second time")
            try expectSame(sender.waitingBytes, 0, "bytes that wait")
            try expectSame(try sender.send([1], milliseconds: 50), true, "sending to an empty ring")
            return .passed
        },
        KernelCheck(
            "a stack_trace map has the addresses of a program's caller, in this process and in the kernel",
            subject: .map("stack_trace")
        ) {
            let object = try CheckMaps.used(1, programs: ["use_maps", "called", "kernel_stack"])
            let link = try object.program(named: "kernel_stack").attach()
            skep_workload_get_parent(1)
            link.detach()
            let map = try object.map(named: "stacks")
            func addresses(_ variable: String) throws -> [UInt64] {
                let id = Int64(bitPattern: try object.number(variable))
                try expect(id >= 0, "the program got \(id) for a stack")
                let bytes = try map.value(for: CheckMaps.bytes(UInt32(truncatingIfNeeded: id))) ?? []
                return bytes.withUnsafeBytes { Array($0.bindMemory(to: UInt64.self).prefix { $0 != 0 }) }
            }
            guard let caller = try addresses("stack_id").first else { return .failed("the stack has no address") }
            let regions = try Processes.regions(of: Processes.current).filter(\.isExecutable)
            try expect(
                regions.contains { $0.start <= caller && caller < $0.end }, "\(caller) is no code of this process")
            let inKernel = try addresses("kernel_stack_id")
            try expect(inKernel.count > 1, "the stack in the kernel has \(inKernel.count) addresses")
            if KernelVersion.architecture == "x86_64", let entry = try kernelAddress(of: "do_syscall_64"), entry != 0 {
                try expect(
                    inKernel.contains { $0 > entry && $0 < entry + 4096 }, "do_syscall_64 is not among \(inKernel)")
            }
            let count = try map.keys().count
            try expect(count >= 2, "there are \(count) stacks")
            return .passed
        },
        KernelCheck(
            "an arena's list and hash are built in a program and read here", minimumKernel: "6.9",
            subject: .map("arena")
        ) {
            let object = try CheckObject.load("arena")
            for name in ["build", "search"] {
                let result = try BPFSystemCall.testRun(
                    TestRun(program: object.program(named: name).rawDescriptor))
                try expectSame(result.returnValue, 0, "what \(name) returned")
            }
            try expectSame(try object.number("made"), 100, "nodes")
            try expectSame(try object.number("found"), 99 * 100 / 2 * 3, "the sum of the hash, by the program")
            try expectSame(try object.number("total"), 7 + 99 * 100 / 2, "the variable in the arena")
            let memory = try object.map(named: "arena").memory()
            func values(from start: UInt64) throws -> [UInt64] {
                var (values, address) = ([] as [UInt64], start)
                while address != 0, values.count < 1000 {
                    let offset = Int(truncatingIfNeeded: address &- memory.address)
                    guard let next = memory.load(at: offset, as: UInt64.self),
                        let value = memory.load(at: offset + 8, as: UInt64.self)
                    else { throw UnmetExpectation(description: "\(address) lies outside the arena") }
                    values.append(value)
                    address = next
                }
                return values
            }
            try expectSame(try values(from: object.number("list")), (0..<100).reversed().map { $0 }, "the list")
            let buckets = try object.bytes(ofVariable: "buckets")
            var found: [UInt64] = []
            for bucket in 0..<16 {
                let start = try CheckMaps.number(Array(buckets[bucket * 8..<bucket * 8 + 8]))
                let inside = try values(from: start)
                try expect(
                    inside.allSatisfy { $0 % 3 == 0 && Int($0 / 3) % 16 == bucket }, "bucket \(bucket): \(inside)")
                found += inside
            }
            try expectSame(found.sorted(), (0..<100).map { $0 * 3 }, "the hash")
            try object.setVariable("total", to: 1000 as UInt64)
            try expectSame(try object.number("total"), 1000, "the variable after it was set")
            return .passed
        },
    ]

    private static func kernelAddress(of name: String) throws(LinuxError) -> UInt64? {
        var found: UInt64?
        let end = Array(" \(name)".utf8)
        try Files.forEachLine(of: "/proc/kallsyms") { line in
            line.withUnsafeBytes { line in
                guard line.suffix(end.count).elementsEqual(end) else { return true }
                found = UInt64(String(decoding: line.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self), radix: 16)
                return false
            }
        }
        return found
    }
}
