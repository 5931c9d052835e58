// SPDX-License-Identifier: Apache-2.0

import BPFObject
import BTF
import Bytes
import Diagnostics
import Linux

extension ObjectLoader {
    /// Makes all maps, or finds them by their pins, and fills the data sections.
    mutating func createMaps() throws(BPFError) {
        let cpus = try MapCreator.possibleCPUCount(
            for: spec.maps.lazy.flatMap { [$0.kind, $0.innerMap?.spec.kind ?? $0.kind] })
        for index in spec.maps.indices where !isLeftOut(spec.maps[index]) {
            MapCreator.adjust(&spec.maps[index], cpus: cpus)
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
                reusedMaps.insert(map.name)
                continue
            }
            let path = options.pinDirectory + "/" + map.name
            if map.isPinnedByName, let pinned = try openPinned(map, path: path, cpus: cpus) {
                reuse(pinned, map, path: path)
                continue
            }
            guard let made = try createUnlessMissing(map, cpus: cpus) else { continue }
            maps[map.name] = made
            try fill(made, from: map)
            if map.isPinnedByName { try pin(made, map, path: path, cpus: cpus) }
        }
        try fillMapSlots()
    }

    /// Makes the maps that belong to one program each anew, now that the program's instructions are known.
    ///
    /// Until then maps of the same shape stood in their place, so that references could be resolved.
    mutating func createExclusiveMaps() throws(BPFError) {
        for index in spec.maps.indices {
            guard let name = spec.maps[index].exclusiveProgram else { continue }
            var linked: LinkedProgram
            do throws(ObjectError) {
                linked = try spec.link(program: name, functions: functions)
            } catch {
                throw BPFError(
                    .invalidArgument,
                    "the map \(spec.maps[index].name) is for the program \(name), which cannot be linked",
                    context: [.init("object", spec.name)], cause: error)
            }
            try resolve(&linked)
            spec.maps[index].exclusiveProgramDigest = ProgramDigest.of(linked.instructions)
            let map = spec.maps[index]
            let made = try create(map, cpus: try MapCreator.possibleCPUCount(for: [map.kind]))
            maps[map.name] = made
            try fill(made, from: map)
        }
    }

    mutating func create(_ map: MapSpec, cpus: Int) throws(BPFError) -> UntypedMap {
        var inner: UntypedMap?
        if map.kind.holdsMaps {
            guard let innerSpec = map.innerMap?.spec else {
                throw BPFError(
                    .invalidArgument, "the map \(map.name) holds maps, but does not say of which shape",
                    context: [.init("map", map.name)], hint: "declare them with __array(values, struct …)")
            }
            var shape = innerSpec
            MapCreator.adjust(&shape, cpus: cpus)
            inner = try create(shape, cpus: cpus)
        }
        // The maps of structs with kernel pointers, locks and timers work only with their types.
        var types: MapCreator.Types?
        if map.kind.acceptsTypes, let descriptor = typesDescriptor?.descriptor.rawValue,
            map.keyType != .void || map.valueType != .void
        {
            types = .init(
                descriptor: descriptor, key: map.section != nil ? 0 : map.keyType.rawValue,
                value: map.valueType.rawValue)
        }
        let (made, isUntyped) = try MapCreator.make(
            map, cpus: cpus, types: types, table: spec.types, inner: inner, context: [.init("object", spec.name)],
            adapting: adapt)
        if isUntyped { report.entries.append(.untypedMap(name: map.name)) }
        return made
    }

    /// Pins a map; when another process was faster, its map is used.
    private mutating func pin(_ made: UntypedMap, _ map: MapSpec, path: String, cpus: Int) throws(BPFError) {
        do throws(BPFError) {
            try made.pin(at: path)
            newPins.append(path)
        } catch {
            guard let pinned = try openPinned(map, path: path, cpus: cpus) else { throw error }
            reuse(pinned, map, path: path)
        }
    }

    private mutating func reuse(_ pinned: UntypedMap, _ map: MapSpec, path: String) {
        maps[map.name] = pinned
        reusedMaps.insert(map.name)
        report.entries.append(.reusedPinnedMap(name: map.name, path: path))
    }

    /// Takes back what an object that cannot be loaded has pinned.
    func removeNewPins() {
        for path in newPins { try? Files.remove(path) }
    }

    /// `BPF_F_NO_PREALLOC`, `BPF_F_NO_COMMON_LRU`, `BPF_F_RDONLY_PROG`, `BPF_F_WRONLY_PROG` and `BPF_F_MMAPABLE`: what
    /// programs and readers rely on.
    private static var significantFlags: UInt32 { 1 | 1 << 1 | 1 << 7 | 1 << 8 | 1 << 10 }

    private func openPinned(_ map: MapSpec, path: String, cpus: Int) throws(BPFError) -> UntypedMap? {
        do throws(LinuxError) {
            let descriptor = try BPFSystemCall.open(pinned: path)
            let information = try BPFSystemCall.mapInformation(of: descriptor.rawValue)
            guard information.kind == map.kind.rawValue, information.keySize == map.keySize,
                information.valueSize == map.valueSize, information.maxEntries == map.maximumEntries,
                map.kind != .arena
            else {
                throw LinuxError(
                    .invalidArgument, call: "BPF_OBJ_GET", path: path,
                    explanation: "the map pinned there has another kind, other sizes or another capacity")
            }
            var creation = MapCreation(
                kind: map.kind.rawValue, keySize: map.keySize, valueSize: map.valueSize,
                maxEntries: map.maximumEntries, flags: map.flags)
            adapt(&creation)
            guard (information.flags ^ creation.flags) & Self.significantFlags == 0, information.extra == map.extra
            else {
                throw LinuxError(
                    .invalidArgument, call: "BPF_OBJ_GET", path: path,
                    explanation: "the map pinned there was made with the flags 0x"
                        + String(information.flags, radix: 16) + ", not 0x" + String(creation.flags, radix: 16))
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
        if map.kind == .arena {
            // Writing allocates the pages, in the same way as a program's first access would.
            let memory = DataSectionMemory(arena: try made.memory(), count: section.contents.count)
            guard memory.write(section.contents, offset: 0) else {
                throw BPFError(
                    .invalidArgument, "the arena \(map.name) has fewer pages than its variables need",
                    context: [.init("object", spec.name)])
            }
            sections[map.name] = memory
        } else if section.access == .readWrite {
            if section.contents.contains(where: { $0 != 0 }) { try made.setValue(section.contents, for: [0, 0, 0, 0]) }
            sections[map.name] = try? DataSectionMemory(map: made.rawDescriptor, count: section.contents.count)
        } else {
            try made.setValue(section.contents, for: [0, 0, 0, 0])
            // The verifier relies on constants only when nobody can change them any more.
            try made.freeze()
        }
    }

    /// Puts maps into the slots of maps of maps that were made here: one that was there already is in use as it is.
    private func fillMapSlots() throws(BPFError) {
        for map in spec.maps where map.kind.holdsMaps && !reusedMaps.contains(map.name) {
            for slot in map.initialSlots where missingMaps[map.name] == nil {
                guard let target = maps[slot.name], let holder = maps[map.name] else {
                    throw BPFError(
                        .notFound, "slot \(slot.index) of \(map.name) names \(slot.name), which is no map",
                        context: [.init("map", map.name)])
                }
                try holder.setMap(target, for: UntypedMap.bytes(of: slot.index))
            }
        }
    }

    /// Puts programs into the slots of program arrays, once they are loaded.
    func fillProgramSlots() throws(BPFError) {
        for map in spec.maps where map.kind == .programArray {
            for slot in map.initialSlots {
                guard let holder = maps[map.name] else { continue }
                guard let target = programs.first(where: { $0.name == slot.name }) else { continue }
                try holder.setProgram(target, at: slot.index)
            }
        }
    }
}
