// SPDX-License-Identifier: Apache-2.0

public import BPFObject
public import BTF
import Diagnostics
public import Linux

/// A map that lives in the running kernel, whoever made it.
///
/// ```swift
/// let map = try LiveMap(id: 7)
/// for entry in try map.untyped().entries() { print(entry.key, entry.values) }
/// ```
///
/// - Note: `BPF_MAP_GET_FD_BY_ID` and `BPF_OBJ_GET_INFO_BY_FD`, Linux 4.13.
public final class LiveMap: Sendable {
    /// What the kernel told when this was opened.
    public let information: MapInformation
    /// Bytes of kernel memory, where /proc tells.
    public let memory: UInt64?
    /// Whether user space may not change it any more (`BPF_MAP_FREEZE`).
    public let isFrozen: Bool
    private let descriptor: FileDescriptor

    /// Opens a map by its number.
    ///
    /// - Parameter readOnly: opens it for looking only, as maps that the kernel protects demand.
    /// - Throws: ``BPFError`` with code `notFound` when there is none.
    public convenience init(id: UInt32, readOnly: Bool = false) throws(BPFError) {
        do throws(BPFError) {
            try self.init(descriptor: LiveObjects.open(.map, id, flags: readOnly ? Self.readOnlyFlag : 0))
        } catch {
            // Maps that programs alone may write can only be opened for reading.
            guard error.code == .refused, !readOnly else { throw error }
            try self.init(descriptor: LiveObjects.open(.map, id, flags: Self.readOnlyFlag))
        }
    }

    /// Opens a map by its path in a bpffs.
    ///
    /// - Throws: ``BPFError`` when no map is pinned there.
    public convenience init(pinned path: String) throws(BPFError) {
        guard try PinnedObject.kind(at: path) == .map else {
            throw BPFError(.invalidArgument, "what is pinned at \(path) is no map")
        }
        try self.init(descriptor: LiveObjects.open(pinned: path))
    }

    private static let readOnlyFlag: UInt32 = 1 << 3  // BPF_F_RDONLY

    private init(descriptor: consuming FileDescriptor) throws(BPFError) {
        do throws(LinuxError) {
            information = try BPFSystemCall.mapInformation(of: descriptor.rawValue)
        } catch {
            throw BPFError.system(error, "the kernel does not describe a map")
        }
        let facts = DescriptorFacts(descriptor.rawValue)
        memory = facts.memory
        isFrozen = facts.isFrozen
        self.descriptor = descriptor
    }

    /// The number, as long as it lives.
    public var id: UInt32 { information.id }

    /// The kind of map.
    public var kind: MapKind { MapKind(rawValue: information.kind) }

    /// The number of the descriptor, valid as long as this object lives.
    public var rawDescriptor: Int32 { descriptor.rawValue }

    /// The types that keys and values have, or `nil` when the map was made without; those of a struct_ops map are the
    /// kernel's.
    public func types() throws(BPFError) -> BTFTable? {
        if information.kernelValueType != 0 { return try KernelTypes.running.core() }
        return information.btfID == 0 ? nil : try LiveTypes(id: information.btfID).table()
    }

    /// The map as bytes, to read and change its entries.
    ///
    /// - Throws: ``BPFError`` when no further descriptor can be had.
    public func untyped() throws(BPFError) -> UntypedMap {
        let types = (try? self.types()) ?? nil
        var spec = MapSpec(
            name: information.name.isEmpty ? "\(id)" : information.name, kind: kind,
            keySize: information.keySize, valueSize: information.valueSize, maximumEntries: information.maxEntries)
        spec.flags = information.flags
        if types != nil {
            spec.keyType = BTFTypeID(information.keyType)
            spec.valueType = BTFTypeID(
                information.kernelValueType != 0 ? information.kernelValueType : information.valueType)
        }
        do throws(LinuxError) {
            let values = kind.isPerCPU ? try ProcessorList.possibleCount() : 1
            return UntypedMap(
                spec: spec, types: types, valuesPerEntry: values,
                descriptor: try FileDescriptor.duplicating(rawDescriptor))
        } catch {
            throw BPFError.system(error, "the map \(id) cannot be read")
        }
    }

    /// Keeps the map alive by a path of a bpffs.
    public func pin(at path: String) throws(BPFError) {
        do throws(LinuxError) {
            try BPFSystemCall.pin(rawDescriptor, path: path)
        } catch {
            throw PinnedObject.failure(error, "the map \(id)", at: path)
        }
    }
}
