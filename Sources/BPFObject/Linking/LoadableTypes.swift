// SPDX-License-Identifier: Apache-2.0

import BTF

/// An object's types in the form that a kernel accepts, and the ways they can be lowered for older kernels.
///
/// clang leaves the sizes and offsets of data sections empty, and describes what the kernel provides with kinds that the
/// kernel refuses in a program's types. Type ids and the offsets of strings do not change.
///
/// Source: `btf_check_all_metas` in the kernel's `kernel/bpf/btf.c`.
public struct LoadableTypes: Sendable {
    /// The bytes for `BPF_BTF_LOAD`.
    public let bytes: [UInt8]

    /// What a kernel may lack.
    public enum Level: Sendable, CaseIterable {
        /// All kinds up to `ENUM64` (Linux 6.0).
        case current
        /// Without `FLOAT`, `DECL_TAG`, `TYPE_TAG`, `ENUM64` and attributes: Linux 5.10.
        case lowered
    }

    /// Prepares an object's types.
    ///
    /// - Parameters:
    ///   - object: the object.
    ///   - level: what the kernel understands.
    /// - Throws: ``ObjectError`` when the types are damaged.
    public init?(of object: ObjectSpec, level: Level) throws(ObjectError) {
        guard let types = object.types else { return nil }
        do throws(BTFError) {
            var builder = try BTFBuilder(copying: types)
            let hidden = Set(object.functions.values.filter { !$0.isGlobal }.map(\.name))
            for id in 1..<UInt32(types.typeCount) {
                let id = BTFTypeID(id)
                guard let kind = types.kind(id), Self.mayChange(kind, level) else { continue }
                let type = try types.type(id)
                if let changed = try Self.change(type, types, object, hidden, level) { builder[id] = changed }
            }
            bytes = try builder.encode()
        } catch {
            throw ObjectError(.malformed, "cannot prepare the object's types for the kernel", cause: error)
        }
    }

    private static func mayChange(_ kind: BTFKind, _ level: Level) -> Bool {
        switch kind {
        case .dataSection, .function, .variable, .functionPrototype: true
        case .float, .declarationTag, .typeTag, .enumeration64, .structure, .union, .enumeration: level == .lowered
        default: false
        }
    }

    private static func change(
        _ type: BTFType, _ types: BTFTable, _ object: ObjectSpec, _ hidden: Set<String>, _ level: Level
    ) throws(BTFError) -> BTFType? {
        switch type {
        case .dataSection(let section):
            return try dataSection(section, types, object)
        case .function(var function):
            // What the kernel provides has no body here; `extern` is refused in a program's types.
            if function.linkage == .extern {
                function.linkage = .global
            } else if function.linkage == .global, hidden.contains(function.name) {
                // The verifier checks a global function on its own, which hidden functions do not want.
                function.linkage = .static
            } else {
                return nil
            }
            return .function(function)
        case .variable(var variable):
            guard variable.linkage == .extern else { return nil }
            variable.linkage = .global
            return .variable(variable)
        case .functionPrototype(var prototype):
            // A function's parameters need names, which declarations may leave out.
            var changed = false
            for index in prototype.parameters.indices
            where prototype.parameters[index].name.isEmpty && prototype.parameters[index].type != .void {
                prototype.parameters[index].name = "argument\(index)"
                changed = true
            }
            return changed ? .functionPrototype(prototype) : nil
        default:
            return level == .lowered ? try lowered(type) : nil
        }
    }

    /// A data section with the sizes and offsets that clang left out, or a placeholder for what is not a section of
    /// variables.
    private static func dataSection(
        _ section: BTFDataSection, _ types: BTFTable, _ object: ObjectSpec
    ) throws(BTFError) -> BTFType? {
        guard let map = object.maps.first(where: { $0.section?.name == section.name }), let data = map.section else {
            // `.maps`, `.ksyms`, `license`: the kernel needs nothing of them.
            return .integer(BTFInteger(name: "int", size: 4, bitOffset: 0, bits: 32, encoding: .signed))
        }
        var section = section
        section.size = UInt32(clamping: data.contents.count)
        var placed: [BTFDataSectionVariable] = []
        for entry in section.variables {
            guard case .variable(let variable) = try types.type(entry.type) else { continue }
            var entry = entry
            if let known = object.variables.first(where: { $0.name == variable.name && $0.map == map.name }) {
                (entry.offset, entry.size) = (UInt32(clamping: known.offset), UInt32(clamping: known.size))
            } else if let external = object.externals.first(where: { $0.name == variable.name }),
                case .kernelConfiguration(let offset, let size) = external.kind
            {
                (entry.offset, entry.size) = (UInt32(clamping: offset), UInt32(clamping: size))
            } else {
                continue
            }
            // The kernel wants the size of the type, which differs for flexible arrays at a variable's end.
            let size = try types.size(of: variable.type)
            if size > 0 { entry.size = UInt32(clamping: size) }
            placed.append(entry)
        }
        section.variables = placed.sorted { $0.offset < $1.offset }
        return .dataSection(section)
    }

    /// Types that a 5.10 kernel does not know, written with ones that it knows, of the same size.
    private static func lowered(_ type: BTFType) throws(BTFError) -> BTFType? {
        switch type {
        case .float(let float):
            return .structure(BTFComposite(name: float.name, size: UInt32(float.size), members: []))
        case .declarationTag:
            return .integer(BTFInteger(name: "int", size: 4, bitOffset: 0, bits: 32, encoding: .signed))
        case .typeTag(let tag):
            return .const(tag.type)
        case .enumeration(var enumeration):
            if enumeration.is64 {
                return .integer(
                    BTFInteger(
                        name: enumeration.name.isEmpty ? "enum64" : enumeration.name,
                        size: UInt32(enumeration.size), bitOffset: 0, bits: UInt8(clamping: enumeration.size &* 8),
                        encoding: enumeration.isSigned ? .signed : []))
            }
            guard !enumeration.isSigned else { return nil }
            // The flag that says "unsigned" is newer than the kind.
            enumeration.isSigned = true
            return .enumeration(enumeration)
        default:
            return nil
        }
    }
}
