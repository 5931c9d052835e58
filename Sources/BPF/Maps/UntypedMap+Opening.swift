// SPDX-License-Identifier: Apache-2.0

public import BPFObject
import BTF
import Bytes
import Diagnostics
public import Linux

extension UntypedMap {
    /// What a descriptor may be used for.
    public enum Access: UInt32, Sendable {
        /// To read and write.
        case readWrite = 0
        /// `BPF_F_RDONLY`: to read only.
        case readOnly = 8
        /// `BPF_F_WRONLY`: to write only.
        case writeOnly = 16
    }

    /// Makes a map without an object, for instance to put it into a map of maps.
    ///
    /// ```swift
    /// let inner = try UntypedMap.make(
    ///     MapSpec(name: "inner", kind: .hash, keySize: 4, valueSize: 8, maximumEntries: 64))
    /// try outer.setMap(inner, for: key)
    /// ```
    ///
    /// What sources may leave out is filled in as it is for an object: the flags that a kind must have, the number of
    /// entries where there is a usual one, the size of rings. Storage for sockets, files, processes and cgroups gets
    /// types of the sizes that are given, which the kernel insists on.
    ///
    /// - Parameters:
    ///   - spec: the description; its types and initial slots are not used.
    ///   - inner: the pattern for the maps that a map of maps holds.
    /// - Throws: ``BPFError`` with the code `notSupported` when the kernel is too old for the kind.
    public static func make(_ spec: MapSpec, inner: UntypedMap? = nil) throws(BPFError) -> UntypedMap {
        var spec = spec
        let cpus = try MapCreator.possibleCPUCount(for: [spec.kind])
        MapCreator.adjust(&spec, cpus: cpus)
        guard spec.kind.isObjectStorage else {
            return try MapCreator.make(spec, cpus: cpus, types: nil, table: nil, inner: inner).map
        }
        let bytes: [UInt8]
        do throws(BTFError) {
            var builder = BTFBuilder()
            let key = builder.add(
                .integer(BTFInteger(name: "int", size: 4, bitOffset: 0, bits: 32, encoding: .signed)))
            let value = builder.add(.structure(BTFComposite(name: "value", size: spec.valueSize, members: [])))
            (spec.keyType, spec.valueType) = (key, value)
            bytes = try builder.encode()
        } catch {
            throw BPFError(.malformed, "cannot describe the types of the map \(spec.name)", cause: error)
        }
        let types: FileDescriptor
        do throws(LinuxError) {
            var log: VerifierLog?
            types = try BPFSystemCall.loadBTF(bytes, log: &log)
        } catch {
            throw BPFError.system(error, "the kernel does not take the types of the map \(spec.name)")
        }
        let given = MapCreator.Types(
            descriptor: types.rawValue, key: spec.keyType.rawValue, value: spec.valueType.rawValue)
        return try MapCreator.make(spec, cpus: cpus, types: given, table: nil, inner: inner).map
    }

    /// Opens a map by its number.
    ///
    /// - Throws: ``BPFError`` with the code `notFound` when there is none.
    /// - Note: `BPF_MAP_GET_FD_BY_ID`, Linux 4.13; the types Linux 4.18.
    public convenience init(id: UInt32, access: Access = .readWrite) throws(BPFError) {
        let descriptor: FileDescriptor
        do throws(LinuxError) {
            descriptor = try BPFSystemCall.open(.map, id: id, flags: access.rawValue)
        } catch {
            if error.errno == .noSuchFileOrDirectory {
                throw BPFError(.notFound, "there is no map with the number \(id)", cause: error)
            }
            throw BPFError.system(error, "cannot open the map with the number \(id)")
        }
        try self.init(adopting: descriptor)
    }

    /// Opens a map by its path in a bpffs.
    ///
    /// - Throws: ``BPFError`` with the code `notFound` when there is nothing, `invalidArgument` when it is no map.
    /// - Note: `BPF_OBJ_GET`, Linux 4.4; access 4.15.
    public convenience init(pinnedAt path: String, access: Access = .readWrite) throws(BPFError) {
        let descriptor: FileDescriptor
        do throws(LinuxError) {
            descriptor = try BPFSystemCall.open(pinned: path, flags: access.rawValue)
        } catch {
            if error.errno == .noSuchFileOrDirectory {
                throw BPFError(.notFound, "nothing is pinned at \(path)", cause: error)
            }
            throw BPFError.system(error, "cannot open what is pinned at \(path)", context: [.init("path", path)])
        }
        try self.init(adopting: descriptor)
    }

    /// Takes over a descriptor of any map, and finds out what it is.
    public convenience init(adopting descriptor: consuming FileDescriptor) throws(BPFError) {
        let information: MapInformation
        do throws(LinuxError) {
            information = try BPFSystemCall.describeMap(descriptor.rawValue)
        } catch {
            throw BPFError(.invalidArgument, "what was opened is no map", cause: error)
        }
        let kind = MapKind(rawValue: information.kind)
        var spec = MapSpec(
            name: information.name, kind: kind, keySize: information.keySize, valueSize: information.valueSize,
            maximumEntries: information.maxEntries)
        spec.flags = information.flags
        spec.extra = information.extra
        var table: BTFTable?
        if information.btfID != 0, information.keyType != 0 || information.valueType != 0,
            let types = try? BPFSystemCall.open(.btf, id: information.btfID),
            let bytes = try? BPFSystemCall.btfData(of: types.rawValue), let read = try? BTFTable(OwnedBytes(bytes))
        {
            table = read
            spec.keyType = BTFTypeID(information.keyType)
            spec.valueType = BTFTypeID(information.valueType)
        }
        let cpus = try MapCreator.possibleCPUCount(for: [kind])
        self.init(spec: spec, types: table, valuesPerEntry: kind.isPerCPU ? cpus : 1, descriptor: descriptor)
    }

    /// The numbers of all maps of this machine at this moment, ascending; one may be gone before it is opened.
    ///
    /// - Note: `BPF_MAP_GET_NEXT_ID`, Linux 4.13.
    public static func identifiers() throws(BPFError) -> [UInt32] {
        do throws(LinuxError) {
            return try BPFSystemCall.ids(.map)
        } catch {
            throw BPFError.system(error, "cannot list the maps")
        }
    }

    /// What the kernel tells of the map now: its number, name, sizes and flags.
    ///
    /// - Note: `BPF_OBJ_GET_INFO_BY_FD`, Linux 4.13; where that is not permitted, /proc/self/fdinfo.
    public func information() throws(BPFError) -> MapInformation {
        try perform("read the description") { () throws(LinuxError) in
            try BPFSystemCall.describeMap(rawDescriptor)
        }
    }

    /// The memory that the map takes, and whether it is frozen, from /proc/self/fdinfo.
    public func status() throws(BPFError) -> MapDescriptorStatus {
        try perform("read the status") { () throws(LinuxError) in try MapDescriptorStatus(of: rawDescriptor) }
    }
}
