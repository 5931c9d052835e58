// SPDX-License-Identifier: Apache-2.0

import BTF
import DWARF

/// Adds types that only the debug information has to an object's BTF.
///
/// clang writes a type into BTF only when a map, a global variable or a function names it; the type of a record that is
/// filled on the stack or in a buffer is in DWARF alone.
struct DWARFTypeImporter {
    let information: DWARFInformation
    var builder: BTFBuilder
    private var imported: [DWARFTypeID: BTFTypeID] = [:]
    private var known: [Name: BTFTypeID] = [:]
    private(set) var addedCount = 0

    private struct Name: Hashable {
        var kind: BTFKind
        var name: String
        var size: Int
    }

    /// No real record nests deeper or has more types.
    private static let maximumDepth = 64
    private static let maximumTypes = 1 << 14

    init(_ information: DWARFInformation, extending table: BTFTable) throws(BTFError) {
        self.information = information
        builder = try BTFBuilder(copying: table)
        for id in table.firstTypeID.rawValue..<UInt32(table.typeCount) {
            let id = BTFTypeID(id)
            guard let kind = table.kind(id), [.structure, .union, .integer, .enumeration].contains(kind) else {
                continue
            }
            let name = try table.name(id)
            guard !name.isEmpty else { continue }
            known[Name(kind: kind, name: name, size: try table.size(of: id))] = id
        }
    }

    /// The type in BTF: a known one of the same name and size, else a new one.
    mutating func add(_ id: DWARFTypeID, depth: Int = 0) throws -> BTFTypeID {
        if let done = imported[id] { return done }
        guard depth < Self.maximumDepth, addedCount < Self.maximumTypes else { return .void }
        let type = try information.type(id)
        switch type {
        case .void, .unspecified: return .void
        case .structure(let composite): return try add(composite, kind: .structure, id, depth)
        case .union(let composite): return try add(composite, kind: .union, id, depth)
        case .pointer(let target): return remember(id, .pointer(try pointee(target, depth)))
        case .typedef(let name, let target):
            return remember(id, .typedef(BTFNamedReference(name: name, type: try add(target, depth: depth + 1))))
        case .const(let target): return remember(id, .const(try add(target, depth: depth + 1)))
        case .volatile(let target): return remember(id, .volatile(try add(target, depth: depth + 1)))
        case .restrict(let target), .atomic(let target): return try add(target, depth: depth + 1)
        case .base(let base): return add(base, id)
        case .enumeration(let enumeration): return add(enumeration, id)
        case .array(let array): return try add(array, id, depth)
        case .function: return .void
        }
    }

    private mutating func remember(_ id: DWARFTypeID, _ type: BTFType) -> BTFTypeID {
        let new = builder.add(type)
        imported[id] = new
        addedCount += 1
        return new
    }

    /// What a pointer in a record points to is not followed: the address is all that is shown of it.
    private mutating func pointee(_ target: DWARFTypeID, _ depth: Int) throws -> BTFTypeID {
        switch try information.type(try information.resolve(target)) {
        case .structure(let composite) where !composite.name.isEmpty:
            return builder.add(.forward(BTFForward(name: composite.name, isUnion: false)))
        case .base: return try add(target, depth: depth + 1)
        default: return .void
        }
    }

    private mutating func add(
        _ composite: DWARFComposite, kind: BTFKind, _ id: DWARFTypeID, _ depth: Int
    ) throws -> BTFTypeID {
        let size = UInt32(clamping: composite.size)
        if let id = known[Name(kind: kind, name: composite.name, size: Int(size))] { return id }
        if composite.isDeclaration {
            return remember(id, .forward(BTFForward(name: composite.name, isUnion: kind == .union)))
        }
        // The place is taken before the members are added, so that the type can be used in them.
        var result = BTFComposite(name: composite.name, size: size, members: [])
        func wrap(_ composite: BTFComposite) -> BTFType { kind == .union ? .union(composite) : .structure(composite) }
        let new = remember(id, wrap(result))
        for member in composite.members {
            result.members.append(
                BTFMember(
                    name: member.name, type: try add(member.type, depth: depth + 1),
                    bitOffset: UInt32(clamping: member.bitOffset),
                    bitfieldSize: UInt8(clamping: member.bitSize ?? 0)))
        }
        builder[new] = wrap(result)
        return new
    }

    private mutating func add(_ base: DWARFBaseType, _ id: DWARFTypeID) -> BTFTypeID {
        if let id = known[Name(kind: .integer, name: base.name, size: Int(clamping: base.size))] { return id }
        let size = UInt32(clamping: base.size)
        if base.encoding == .float { return remember(id, .float(BTFFloat(name: base.name, size: size))) }
        return remember(
            id,
            .integer(
                BTFInteger(
                    name: base.name, size: size, bitOffset: 0, bits: UInt8(clamping: size &* 8),
                    encoding: base.encoding == .boolean ? .boolean : base.encoding.isSigned ? .signed : [])))
    }

    private mutating func add(_ enumeration: DWARFEnumeration, _ id: DWARFTypeID) -> BTFTypeID {
        let values = enumeration.values.map { BTFEnumerator(name: $0.name, value: $0.value) }
        let size = UInt32(clamping: enumeration.size)
        return remember(
            id,
            .enumeration(
                BTFEnumeration(
                    name: enumeration.name, size: size, isSigned: enumeration.isSigned, is64: size == 8, values: values)
            ))
    }

    private mutating func add(_ array: DWARFArray, _ id: DWARFTypeID, _ depth: Int) throws -> BTFTypeID {
        var element = try add(array.element, depth: depth + 1)
        let index = indexType()
        for count in array.counts.reversed() {
            element = builder.add(.array(BTFArray(element: element, index: index, count: UInt32(clamping: count ?? 0))))
        }
        imported[id] = element
        return element
    }

    private mutating func indexType() -> BTFTypeID {
        let name = Name(kind: .integer, name: "__ARRAY_SIZE_TYPE__", size: 4)
        if let id = known[name] { return id }
        let new = builder.add(
            .integer(BTFInteger(name: "__ARRAY_SIZE_TYPE__", size: 4, bitOffset: 0, bits: 32, encoding: [])))
        known[name] = new
        return new
    }
}
