// SPDX-License-Identifier: Apache-2.0

import BPFObject
import BTF
import Bytes
import Diagnostics
import Linux

/// Makes maps in the kernel: what sources leave out is filled in, and a refusal is told in one sentence.
enum MapCreator {
    /// What sources leave out and the kernel wants.
    static func adjust(_ map: inout MapSpec, cpus: Int) {
        if map.kind == .perfEventArray, map.maximumEntries == 0 { map.maximumEntries = UInt32(clamping: cpus) }
        // User space sets the size of stack traces in many tools, and of maps that depend on flags in some.
        if map.kind == .stackTrace {
            if map.keySize == 0 { map.keySize = 4 }
            if map.valueSize == 0 { map.valueSize = 127 * 8 }
            if map.maximumEntries == 0 { map.maximumEntries = 16384 }
        } else if map.maximumEntries == 0 {
            switch map.kind {
            case .hash, .leastRecentlyUsedHash, .perCPUHash, .leastRecentlyUsedPerCPUHash: map.maximumEntries = 10240
            case .array, .perCPUArray, .programArray, .cgroupArray: map.maximumEntries = 1
            case .cpuMap: map.maximumEntries = UInt32(clamping: cpus)
            case .arena: map.maximumEntries = 256
            default: break
            }
        }
        if map.kind == .ringBuffer || map.kind == .userRingBuffer {
            // A power of two of pages.
            var size = UInt32(clamping: MemoryMapping.pageSize)
            while size < map.maximumEntries, size < 1 << 31 { size *= 2 }
            map.maximumEntries = size
        }
        switch map.kind {
        case .longestPrefixMatchTrie, .resizableHash: map.flags |= MapFlags.noPreallocation
        case .arena: map.flags |= MapFlags.memoryMappable
        case .socketStorage, .inodeStorage, .taskStorage, .cgroupStorage:
            map.flags |= MapFlags.noPreallocation
            map.maximumEntries = 0
        case .deprecatedCgroupStorage, .perCPUCgroupStorage: map.maximumEntries = 0
        default: break
        }
        if let section = map.section, section.access == .readWrite { map.flags |= MapFlags.memoryMappable }
    }

    /// How many CPUs' values a look-up answers, where that matters.
    static func possibleCPUCount(for kinds: some Sequence<MapKind>) throws(BPFError) -> Int {
        guard kinds.contains(where: { $0.isPerCPU || $0 == .perfEventArray || $0 == .cpuMap }) else { return 1 }
        do throws(LinuxError) {
            return try ProcessorList.possibleCount()
        } catch {
            throw BPFError.system(error, "cannot tell the number of CPUs")
        }
    }

    /// The numbers of a map's types in a table that the kernel was given.
    struct Types {
        var descriptor: Int32
        var key: UInt32
        var value: UInt32
    }

    /// Makes a map.
    ///
    /// - Parameters:
    ///   - map: the description, adjusted already.
    ///   - cpus: how many CPUs' values a look-up answers in a per-CPU map.
    ///   - types: the types in the kernel; left out when the kernel does not take them for this kind.
    ///   - table: the same types for typed access.
    ///   - inner: the pattern for the maps that this map holds.
    ///   - context: what to add to errors.
    ///   - adapt: leaves out what the kernel does not take.
    /// - Returns: the map, and whether its types were left out.
    static func make(
        _ map: MapSpec, cpus: Int, types: Types?, table: BTFTable?, inner: UntypedMap?,
        context: [DiagnosticContext] = [], adapting adapt: (inout MapCreation) -> Void = { _ in }
    ) throws(BPFError) -> (map: UntypedMap, isUntyped: Bool) {
        var creation = MapCreation(
            kind: map.kind.rawValue, keySize: map.keySize, valueSize: map.valueSize, maxEntries: map.maximumEntries,
            flags: map.flags, name: map.name)
        creation.numaNode = map.numaNode
        creation.extra = map.extra
        creation.exclusiveProgramHash = map.exclusiveProgramDigest
        creation.innerMap = inner?.rawDescriptor
        if let types {
            creation.btf = types.descriptor
            creation.keyType = types.key
            creation.valueType = types.value
        }
        adapt(&creation)
        if KernelVersion.current < "5.11" { MemoryLimit.lift() }
        var isUntyped = false
        let descriptor = try create(&creation, map, &isUntyped, context)
        let memory = map.kind == .arena ? try arenaMemory(of: descriptor.rawValue, map) : nil
        let made = UntypedMap(
            spec: map, types: table, valuesPerEntry: map.kind.isPerCPU ? cpus : 1, descriptor: descriptor,
            arenaMemory: memory)
        return (made, isUntyped)
    }

    private static func create(
        _ creation: inout MapCreation, _ map: MapSpec, _ isUntyped: inout Bool, _ context: [DiagnosticContext]
    ) throws(BPFError) -> FileDescriptor {
        do throws(LinuxError) {
            return try BPFSystemCall.createMap(creation)
        } catch {
            guard creation.btf != nil, error.errno != .notPermitted, !map.kind.isObjectStorage else {
                throw refusal(error, map, context)
            }
        }
        // The kernel may not take the types of this kind of map; without them it works as well.
        creation.btf = nil
        creation.keyType = 0
        creation.valueType = 0
        do throws(LinuxError) {
            let descriptor = try BPFSystemCall.createMap(creation)
            isUntyped = true
            return descriptor
        } catch {
            throw refusal(error, map, context)
        }
    }

    /// Maps an arena's memory, which must happen before a program that uses it is loaded.
    private static func arenaMemory(of descriptor: Int32, _ map: MapSpec) throws(BPFError) -> MapMemory {
        let (count, overflow) = MemoryMapping.pageSize.multipliedReportingOverflow(by: Int(map.maximumEntries))
        guard !overflow, count <= 1 << 32 else {
            throw BPFError(.invalidArgument, "the arena \(map.name) is larger than 4 GiB")
        }
        do throws(LinuxError) {
            let mapping =
                map.extra == 0
                ? try MemoryMapping(of: descriptor, count: count, writable: true)
                : try MemoryMapping(of: descriptor, count: count, at: map.extra)
            return MapMemory(mapping, count: count, stride: MemoryMapping.pageSize)
        } catch {
            throw BPFError.system(
                error,
                error.errno == .exists
                    ? "the address 0x\(String(map.extra, radix: 16)) that the arena \(map.name) wants is taken in this process"
                    : "cannot map the arena \(map.name) into memory", context: [.init("map", map.name)])
        }
    }

    /// What the kernel's answer to making a map means.
    static func refusal(_ error: LinuxError, _ map: MapSpec, _ context: [DiagnosticContext]) -> BPFError {
        let context = context + [.init("map", map.name), .init("kind", map.kind.description)]
        switch error.errno {
        case .notPermitted:
            return BPFError.refusal(error, "the machine does not let this process make the map \(map.name)", context)
        case .invalidArgument, .tooBig, .notSupported, .kernelNotSupported:
            if let lack = lack(of: map) {
                return BPFError(
                    .notSupported, lack, context: context, hint: "`skep features` lists what this kernel can do",
                    cause: error)
            }
            return BPFError(
                .notSupported,
                "the kernel refuses the map \(map.name): a \(map.kind) with keys of \(map.keySize) bytes, values of "
                    + "\(map.valueSize) bytes, \(map.maximumEntries) entries and flags \(map.flags)",
                context: context,
                hint: "the kind may be newer than this kernel; `skep features` lists what it knows", cause: error)
        default:
            return BPFError.system(error, "cannot make the map \(map.name)", context: context)
        }
    }

    /// Why this kernel cannot have the map, as a sentence; nil when its version and options say nothing against it.
    private static func lack(of map: MapSpec) -> String? {
        let current = KernelVersion.current
        if let feature = Feature.map(map.kind) {
            if current < feature.minimumVersion {
                return "\(map.kind) maps need Linux \(feature.minimumVersion), this is \(current)"
            }
            if let configuration = try? KernelConfiguration.current() {
                let missing = feature.options.filter { names in
                    !names.split(separator: "|").contains { configuration[String($0)].map { $0 != "n" } ?? false }
                }
                if !missing.isEmpty {
                    return
                        "\(map.kind) maps need \(missing.joined(separator: " and ")), which this kernel was built without"
                }
            }
        }
        if !map.exclusiveProgramDigest.isEmpty, current < "6.18" {
            return "maps for one program only need Linux 6.18, this is \(current)"
        }
        let flags: [(UInt32, KernelVersion, String)] = [
            (MapFlags.preservedElements, "5.12", "maps that keep their perf events"),
            (MapFlags.overwritingRing, "6.19", "ring buffers that overwrite"),
        ]
        for (flag, version, what) in flags where map.flags & flag != 0 && current < version {
            return "\(what) need Linux \(version), this is \(current)"
        }
        return nil
    }
}
