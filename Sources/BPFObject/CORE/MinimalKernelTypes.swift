// SPDX-License-Identifier: Apache-2.0

public import BTF
public import Bytes
import Diagnostics
import ELF

/// The few types of a kernel that the CO-RE relocations of objects need: what `bpftool gen min_core_btf` makes.
///
/// The objects resolve against the result as against the whole, but for relocations that ask for the number of a kernel's
/// type, which only the running kernel gives a meaning.
///
/// ```swift
/// var minimal = MinimalKernelTypes(of: kernel)
/// try minimal.add(object, name: "my.o")
/// let bytes = try minimal.encode()
/// ```
public struct MinimalKernelTypes {
    private let kernel: BTFTable
    private let types: CORETypes
    /// The types that are kept; of structures the members, by their indexes.
    private var kept: [BTFTypeID: Set<Int>] = [:]
    /// Types that were marked with all that they reach, by whether structures count with their members.
    private var followed: Set<Following> = []
    private var work = COREMatcher.maximumWork

    private struct Following: Hashable {
        let type: BTFTypeID
        let withMembers: Bool
    }

    /// Starts with none of a kernel's types.
    public init(of kernel: BTFTable) {
        self.kernel = kernel
        types = CORETypes(kernel)
    }

    /// The number of types that are kept, without `void`.
    public var count: Int { kept.count }

    /// Keeps what an object's relocations need.
    ///
    /// - Parameters:
    ///   - object: the ELF file.
    ///   - name: what errors call it.
    /// - Throws: ``ObjectError`` when the object is damaged.
    public mutating func add(_ object: OwnedBytes, name: String) throws(ObjectError) {
        let context = [DiagnosticContext("object", name)]
        work = COREMatcher.maximumWork
        let local: BTFTable
        let records: BTFExtension
        do {
            let file = try ELFFile(object)
            try file.requireBPFObject()
            guard let section = file.section(named: ".BTF") else {
                throw ObjectError(.missing, "the object has no types", context: context, hint: "compile it with -g")
            }
            local = try BTFTable(try file.contents(of: section))
            guard let extra = file.section(named: ".BTF.ext"), extra.size > 0 else { return }
            records = try BTFExtension(try file.contents(of: extra), table: local)
        } catch let error as ObjectError {
            throw error
        } catch {
            throw ObjectError(.malformed, "the object's relocations cannot be read", context: context, cause: error)
        }
        do throws(CORERelocationError) {
            for section in records.coreRelocations { try add(section.records, of: local) }
        } catch {
            throw ObjectError(.malformed, "the object's relocations cannot be followed", context: context, cause: error)
        }
    }

    /// Keeps what some relocations need.
    ///
    /// - Throws: ``CORERelocationError`` when a relocation or a type is damaged.
    public mutating func add(_ records: [CORERelocation], of local: BTFTable) throws(CORERelocationError) {
        let localTypes = CORETypes(local)
        for record in records where record.kind != .typeIDLocal {
            let specification = try CORESpecification(parsing: record, types: localTypes)
            let type = try localTypes.type(record.type)
            guard !type.name.isEmpty, let kind = type.kind else { continue }
            for id in kernel.ids(essentiallyNamed: EssentialName.of(type.name)) {
                guard let other = kernel.kind(id), other == kind || (other.isEnumeration && kind.isEnumeration) else {
                    continue
                }
                var matcher = COREMatcher(local: localTypes, target: types, work: work)
                defer { work = matcher.work }
                guard let found = try matcher.match(specification, kind: record.kind, candidate: id) else { continue }
                try keep(found, kind: record.kind)
            }
        }
    }

    // MARK: What a relocation needs

    private mutating func keep(
        _ found: CORESpecification, kind: CORERelocationKind
    ) throws(CORERelocationError) {
        guard !kind.isTypeBased else { return try follow(found.root, withMembers: kind == .typeMatches) }
        try keep(found.root)
        var current = try types.resolved(found.root).id
        for accessor in found.accessors {
            guard accessor.name != nil, !kind.isEnumeratorBased else {
                // An element: the array's own type was kept with the member that has it.
                if !kind.isEnumeratorBased { current = accessor.type }
                continue
            }
            var path: [(type: BTFTypeID, member: Int)] = []
            guard try findPath(from: current, to: accessor, depth: COREMatcher.maximumLevel, &path) else { return }
            for step in path { try keep(step.member, of: step.type) }
            guard let members = try types.type(accessor.type).composite?.members else { return }
            current = try types.resolved(members[accessor.index].type).id
        }
    }

    /// The way to a member through anonymous structures, the member itself last.
    private func findPath(
        from composite: BTFTypeID, to accessor: COREAccessor, depth: Int, _ path: inout [(type: BTFTypeID, member: Int)]
    ) throws(CORERelocationError) -> Bool {
        guard composite != accessor.type else {
            path.append((composite, accessor.index))
            return true
        }
        guard depth > 0, let members = try types.type(composite).composite?.members else { return false }
        for (index, member) in members.enumerated() where member.name.isEmpty {
            path.append((composite, index))
            if try findPath(from: types.resolved(member.type).id, to: accessor, depth: depth - 1, &path) { return true }
            path.removeLast()
        }
        return false
    }

    private mutating func keep(_ member: Int, of composite: BTFTypeID) throws(CORERelocationError) {
        guard let members = try types.type(composite).composite?.members, members.indices.contains(member) else {
            return
        }
        guard kept[composite, default: []].insert(member).inserted else { return }
        try keep(members[member].type)
        // Whether an array without elements may be indexed depends on whether it ends its structure.
        if case .array(let array) = try types.resolved(members[member].type).type, array.count == 0 {
            try keep(members.count - 1, of: composite)
        }
    }

    /// Keeps a type as far as its kind and size tell it; pointers lead nowhere, structures have no members yet.
    private mutating func keep(_ root: BTFTypeID) throws(CORERelocationError) {
        var pending = [root]
        while let id = pending.popLast() {
            guard id != .void, kept[id] == nil else { continue }
            kept[id] = []
            switch try types.type(id) {
            case .typedef(let reference): pending.append(reference.type)
            case .const(let target), .volatile(let target), .restrict(let target): pending.append(target)
            case .typeTag(let tag): pending.append(tag.type)
            case .array(let array): pending += [array.element, array.index]
            default: break
            }
        }
    }

    /// Keeps a type with what it refers to, through pointers and parameters.
    private mutating func follow(_ root: BTFTypeID, withMembers: Bool) throws(CORERelocationError) {
        var pending = [Following(type: root, withMembers: withMembers)]
        while let next = pending.popLast() {
            guard next.type != .void, followed.insert(next).inserted else { continue }
            if kept[next.type] == nil { kept[next.type] = [] }
            func visit(_ id: BTFTypeID, _ withMembers: Bool) {
                pending.append(Following(type: id, withMembers: withMembers))
            }
            switch try types.type(next.type) {
            case .structure(let composite), .union(let composite):
                guard next.withMembers else { continue }
                for (index, member) in composite.members.enumerated() {
                    kept[next.type, default: []].insert(index)
                    visit(member.type, true)
                }
            case .pointer(let target): visit(target, false)
            case .array(let array):
                visit(array.index, false)
                visit(array.element, next.withMembers)
            case .functionPrototype(let prototype):
                visit(prototype.result, next.withMembers)
                for parameter in prototype.parameters { visit(parameter.type, next.withMembers) }
            case .function(let function): visit(function.prototype, next.withMembers)
            case let type:
                if let target = type.transparentTarget { visit(target, next.withMembers) }
            }
        }
    }

    // MARK: The result

    /// The contents of a BTF file; what kept types refer to and is not kept itself is `void` in it.
    ///
    /// - Throws: ``BTFError`` when a type of the kernel is damaged.
    public func encode() throws(BTFError) -> [UInt8] {
        let order = kept.keys.sorted { $0.rawValue < $1.rawValue }
        var numbers: [BTFTypeID: BTFTypeID] = [:]
        for (index, id) in order.enumerated() { numbers[id] = BTFTypeID(UInt32(truncatingIfNeeded: index + 1)) }
        var builder = BTFBuilder(order: kernel.order)
        for id in order {
            let members = kept[id] ?? []
            var type = try kernel.type(id)
            switch type {
            case .structure(var composite):
                composite.members = Self.select(members, of: composite)
                type = .structure(composite)
            case .union(var composite):
                composite.members = Self.select(members, of: composite)
                type = .union(composite)
            default: break
            }
            builder.add(type.mappingReferences { numbers[$0] ?? .void })
        }
        return try builder.encode()
    }

    private static func select(_ members: Set<Int>, of composite: BTFComposite) -> [BTFMember] {
        composite.members.enumerated().filter { members.contains($0.offset) }.map(\.element)
    }
}
