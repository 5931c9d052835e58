// SPDX-License-Identifier: Apache-2.0

public import BPFObject
import Linux

extension Feature {
    /// Whether maps of a kind can be made.
    public static func map(_ kind: MapKind) -> Feature? {
        maps.first { $0.name == kind.description }
    }

    /// All kinds of map, in the order of their numbers (`enum bpf_map_type`).
    public static let maps: [Feature] = [
        map(1, "3.19", 4, 4), map(2, "3.19", 4, 4), map(3, "4.2", 4, 4), map(4, "4.3", 4, 4), map(5, "4.6", 4, 4),
        map(6, "4.6", 4, 4), map(7, "4.6", 4, 8, options: ["CONFIG_PERF_EVENTS"]),
        map(8, "4.8", 4, 4, options: ["CONFIG_CGROUPS"]), map(9, "4.10", 4, 4), map(10, "4.10", 4, 4),
        map(11, "4.11", 8, 8, flags: noPreallocation), nested(12), nested(13),
        map(14, "4.14", 4, 4, options: ["CONFIG_NET"]), map(15, "4.14", 4, 4, options: ["CONFIG_NET"]),
        map(16, "4.15", 4, 4, options: ["CONFIG_NET"]), map(17, "4.18", 4, 4, options: ["CONFIG_XDP_SOCKETS"]),
        map(18, "4.18", 4, 4, options: ["CONFIG_NET"]),
        map(19, "4.19", 16, 8, entries: 0, options: ["CONFIG_CGROUP_BPF"]),
        map(20, "4.19", 4, 4, options: ["CONFIG_INET"]),
        map(21, "4.20", 16, 8, entries: 0, options: ["CONFIG_CGROUP_BPF"]), map(22, "4.20", 0, 4),
        map(23, "4.20", 0, 4), storage(24, "5.2", ["CONFIG_NET"]), map(25, "5.4", 4, 4, options: ["CONFIG_NET"]),
        structOpsMap, map(27, "5.8", 0, 0, entries: UInt32(MemoryMapping.pageSize)),
        storage(28, "5.10", ["CONFIG_BPF_LSM"]), storage(29, "5.11"), map(30, "5.16", 0, 4),
        map(31, "6.1", 0, 0, entries: UInt32(MemoryMapping.pageSize)), storage(32, "6.2", ["CONFIG_CGROUPS"]),
        map(33, "6.9", 0, 0, flags: mappable, options: ["CONFIG_MMU", "CONFIG_64BIT"]),
        map(34, "6.19", 4, 16), map(35, "7.2", 4, 4, flags: noPreallocation),
    ]

    private static let noPreallocation: UInt32 = 1  // BPF_F_NO_PREALLOC
    private static let mappable: UInt32 = 1 << 10  // BPF_F_MMAPABLE

    private static func map(
        _ kind: UInt32, _ version: KernelVersion, _ keySize: UInt32, _ valueSize: UInt32, entries: UInt32 = 1,
        flags: UInt32 = 0, options: [String] = []
    ) -> Feature {
        Feature(.map, MapKind(rawValue: kind).description, since: version, options: options) {
            make(
                MapCreation(kind: kind, keySize: keySize, valueSize: valueSize, maxEntries: entries, flags: flags))
        }
    }

    private static func make(_ creation: MapCreation) -> ProbeOutcome {
        do throws(LinuxError) {
            _ = try BPFSystemCall.createMap(creation)
            return .available
        } catch {
            return .judge(error)
        }
    }

    private static func nested(_ kind: UInt32) -> Feature {
        Feature(.map, MapKind(rawValue: kind).description, since: "4.12") {
            let array = MapCreation(kind: 2, keySize: 4, valueSize: 4, maxEntries: 1)
            guard let inner = try? BPFSystemCall.createMap(array) else { return make(array) }
            var outer = MapCreation(kind: kind, keySize: 4, valueSize: 4, maxEntries: 1)
            outer.innerMap = inner.rawValue
            return make(outer)
        }
    }

    /// Storage maps want to know the types of their keys and values.
    private static func storage(_ kind: UInt32, _ version: KernelVersion, _ options: [String] = []) -> Feature {
        Feature(.map, MapKind(rawValue: kind).description, since: version, options: options) {
            var log: VerifierLog?
            guard let types = try? BPFSystemCall.loadBTF(ProbeTypes.integer, log: &log) else {
                return .unknown("the kernel takes no types")
            }
            var creation = MapCreation(kind: kind, keySize: 4, valueSize: 4, maxEntries: 0, flags: noPreallocation)
            creation.btf = types.rawValue
            creation.keyType = 1
            creation.valueType = 1
            return make(creation)
        }
    }

    // The kernel knows the kind when it refuses the type, not the map.
    private static let structOpsMap = Feature(
        .map, "struct_ops", since: "5.6", options: ["CONFIG_BPF_JIT", "CONFIG_DEBUG_INFO_BTF"]
    ) {
        var creation = MapCreation(kind: 26, keySize: 4, valueSize: 64, maxEntries: 1)
        creation.kernelValueType = 1
        do throws(LinuxError) {
            _ = try BPFSystemCall.createMap(creation)
            return .available
        } catch {
            return error.errno == .kernelNotSupported ? .available : .judge(error)
        }
    }
}
