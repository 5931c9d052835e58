// SPDX-License-Identifier: Apache-2.0

import BPFObject
import BTF
import Bytes
import Diagnostics
import Linux

extension ObjectLoader {
    /// Makes all maps, or finds them by their pins, and fills the data sections.
    mutating func createMaps() throws(BPFError) {
        let cpus = try possibleCPUCount()
        for index in spec.maps.indices where !isLeftOut(spec.maps[index]) {
            Self.adjust(&spec.maps[index], cpus: cpus)
            let map = spec.maps[index]
            if let replacement = options.replacedMaps[map.name] {
                guard replacement.kind == map.kind, replacement.keySize == Int(map.keySize),
                    replacement.valueSize == Int(map.valueSize)
                else {
                    throw BPFError(
                        .typeMismatch, "the map given for \(map.name) has another kind or other sizes",
                        context: [.init("map", map.name)])
                }
                maps[map.name] = replacement
                continue
            }
            let path = options.pinDirectory + "/" + map.name
            if map.isPinnedByName, let pinned = try openPinned(map, path: path, cpus: cpus) {
                maps[map.name] = pinned
                report.entries.append(.reusedPinnedMap(name: map.name, path: path))
                continue
            }
            guard let made = try createUnlessMissing(map, cpus: cpus) else { continue }
            maps[map.name] = made
            try fill(made, from: map)
            if map.isPinnedByName { try made.pin(at: path) }
        }
        try fillMapSlots()
    }

    private func possibleCPUCount() throws(BPFError) -> Int {
        guard spec.maps.contains(where: { $0.kind.isPerCPU || $0.kind == .perfEventArray }) else { return 1 }
        do throws(LinuxError) {
            return try ProcessorList.possibleCount()
        } catch {
            throw BPFError.system(error, "cannot tell the number of CPUs")
        }
    }

    /// What sources leave out and the kernel wants.
    private static func adjust(_ map: inout MapSpec, cpus: Int) {
        if map.kind == .perfEventArray, map.maximumEntries == 0 { map.maximumEntries = UInt32(cpus) }
        // User space sets the size of stack traces in many tools, and of maps that depend on flags in some.
        if map.kind == .stackTrace {
            if map.keySize == 0 { map.keySize = 4 }
            if map.valueSize == 0 { map.valueSize = 127 * 8 }
            if map.maximumEntries == 0 { map.maximumEntries = 16384 }
        } else if map.maximumEntries == 0 {
            switch map.kind {
            case .hash, .leastRecentlyUsedHash, .perCPUHash, .leastRecentlyUsedPerCPUHash: map.maximumEntries = 10240
            case .array, .perCPUArray, .programArray, .cgroupArray: map.maximumEntries = 1
            default: break
            }
        }
        if map.kind == .ringBuffer || map.kind == .userRingBuffer {
            // A power of two of pages.
            var size = UInt32(clamping: MemoryMapping.pageSize)
            while size < map.maximumEntries, size < 1 << 31 { size *= 2 }
            map.maximumEntries = size
        }
        if let section = map.section, section.access == .readWrite { map.flags |= MapFlags.memoryMappable }
    }

    mutating func create(_ map: MapSpec, cpus: Int) throws(BPFError) -> UntypedMap {
        var creation = MapCreation(
            kind: map.kind.rawValue, keySize: map.keySize, valueSize: map.valueSize, maxEntries: map.maximumEntries,
            flags: map.flags, name: map.name)
        creation.numaNode = map.numaNode
        creation.extra = map.extra
        adapt(&creation)
        var inner: UntypedMap?
        if map.kind.holdsMaps {
            guard let innerSpec = map.innerMap?.spec else {
                throw BPFError(
                    .invalidArgument, "the map \(map.name) holds maps, but does not say of which shape",
                    context: [.init("map", map.name)], hint: "declare them with __array(values, struct …)")
            }
            var shape = innerSpec
            Self.adjust(&shape, cpus: cpus)
            inner = try create(shape, cpus: cpus)
            creation.innerMap = inner?.rawDescriptor
        }
        // The maps of structs with kernel pointers, locks and timers work only with their types.
        if map.kind.acceptsTypes, let descriptor = typesDescriptor?.descriptor.rawValue,
            map.keyType != .void || map.valueType != .void
        {
            let isStorage = map.section != nil
            creation.btf = descriptor
            creation.keyType = isStorage ? 0 : map.keyType.rawValue
            creation.valueType = map.valueType.rawValue
        }
        let cpus = map.kind.isPerCPU ? cpus : 1
        do throws(LinuxError) {
            return UntypedMap(
                spec: map, types: spec.types, valuesPerEntry: cpus,
                descriptor: try BPFSystemCall.createMap(creation))
        } catch {
            guard creation.btf != nil, error.errno != .notPermitted else { throw creationError(error, map) }
        }
        // The kernel may not take the types of this kind of map; without them it works as well.
        creation.btf = nil
        creation.keyType = 0
        creation.valueType = 0
        do throws(LinuxError) {
            let descriptor = try BPFSystemCall.createMap(creation)
            report.entries.append(.untypedMap(name: map.name))
            return UntypedMap(spec: map, types: spec.types, valuesPerEntry: cpus, descriptor: descriptor)
        } catch {
            throw creationError(error, map)
        }
    }

    private func creationError(_ error: LinuxError, _ map: MapSpec) -> BPFError {
        let context: [DiagnosticContext] = [
            .init("object", spec.name), .init("map", map.name), .init("kind", map.kind.description),
        ]
        switch error.errno {
        case .notPermitted:
            return BPFError.refusal(error, "the machine does not let this process make the map \(map.name)", context)
        case .invalidArgument:
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

    private func openPinned(_ map: MapSpec, path: String, cpus: Int) throws(BPFError) -> UntypedMap? {
        do throws(LinuxError) {
            let descriptor = try BPFSystemCall.open(pinned: path)
            let information = try BPFSystemCall.mapInformation(of: descriptor.rawValue)
            guard information.kind == map.kind.rawValue, information.keySize == map.keySize,
                information.valueSize == map.valueSize, information.maxEntries == map.maximumEntries
            else {
                throw LinuxError(
                    .invalidArgument, call: "BPF_OBJ_GET", path: path,
                    explanation: "the map pinned there has another kind, other sizes or another capacity")
            }
            return UntypedMap(
                spec: map, types: spec.types, valuesPerEntry: map.kind.isPerCPU ? cpus : 1, descriptor: descriptor)
        } catch {
            if error.errno == .noSuchFileOrDirectory { return nil }
            throw BPFError.system(error, "cannot use the pinned map \(map.name) again", context: [.init("path", path)])
        }
    }

    private mutating func fill(_ made: UntypedMap, from map: MapSpec) throws(BPFError) {
        guard let section = map.section else { return }
        if section.access == .readWrite {
            if section.contents.contains(where: { $0 != 0 }) { try made.setValue(section.contents, for: [0, 0, 0, 0]) }
            sections[map.name] = try? DataSectionMemory(map: made.rawDescriptor, count: section.contents.count)
        } else {
            try made.setValue(section.contents, for: [0, 0, 0, 0])
            // The verifier relies on constants only when nobody can change them any more.
            try made.freeze()
        }
    }

    /// Puts maps into the slots of maps of maps.
    private func fillMapSlots() throws(BPFError) {
        for map in spec.maps where map.kind.holdsMaps {
            for slot in map.initialSlots where missingMaps[map.name] == nil {
                guard let target = maps[slot.name], let holder = maps[map.name] else {
                    throw BPFError(
                        .notFound, "slot \(slot.index) of \(map.name) names \(slot.name), which is no map",
                        context: [.init("map", map.name)])
                }
                try store(descriptor: target.rawDescriptor, in: holder, slot: slot.index)
            }
        }
    }

    /// Puts programs into the slots of program arrays, once they are loaded.
    func fillProgramSlots() throws(BPFError) {
        for map in spec.maps where map.kind == .programArray {
            for slot in map.initialSlots {
                guard let holder = maps[map.name] else { continue }
                guard let target = programs.first(where: { $0.name == slot.name }) else { continue }
                try store(descriptor: target.rawDescriptor, in: holder, slot: slot.index)
            }
        }
    }

    private func store(descriptor: Int32, in holder: UntypedMap, slot: UInt32) throws(BPFError) {
        var key: [UInt8] = []
        var value: [UInt8] = []
        key.append(slot, order: .host)
        value.append(UInt32(bitPattern: descriptor), order: .host)
        try holder.setValue(value, for: key)
    }
}
