// SPDX-License-Identifier: Apache-2.0

public import BTF
import Bytes

/// An object's types in the form that a kernel accepts, and the ways they can be lowered for older kernels.
///
/// clang leaves the sizes and offsets of data sections empty, and describes what the kernel provides with kinds that the
/// kernel refuses in a program's types. Type ids and the offsets of strings do not change, and what needs no change is
/// copied as it is.
///
/// Source: `btf_check_all_metas` in the kernel's `kernel/bpf/btf.c`.
public struct LoadableTypes: Sendable {
    /// The bytes for `BPF_BTF_LOAD`.
    public let bytes: [UInt8]
    /// The types of global functions that take a context, by the context's name and the function's, for kernels that do
    /// not know the tag that says so.
    public let contextFunctions: [String: [String: BTFTypeID]]

    /// What a kernel may lack of the format.
    public struct Lack: OptionSet, Sendable, Hashable {
        /// One bit each.
        public let rawValue: UInt32

        /// Makes a set from its bits.
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// Functions and their parameters, before Linux 5.0.
        public static let functions = Lack(rawValue: 1 << 0)
        /// Variables and their sections, before Linux 5.2.
        public static let dataSections = Lack(rawValue: 1 << 1)
        /// Functions that other objects can see, before Linux 5.6.
        public static let globalFunctions = Lack(rawValue: 1 << 2)
        /// Floating-point numbers, before Linux 5.13.
        public static let floats = Lack(rawValue: 1 << 3)
        /// Tags of declarations, before Linux 5.16.
        public static let declarationTags = Lack(rawValue: 1 << 4)
        /// Tags of types, before Linux 5.17.
        public static let typeTags = Lack(rawValue: 1 << 5)
        /// 64-bit enumerations and signs of enumerations, before Linux 6.0.
        public static let wideEnumerations = Lack(rawValue: 1 << 6)
        /// Attributes as tags, before Linux 6.15.
        public static let attributes = Lack(rawValue: 1 << 7)
        /// Parameters that a tag makes the program's context (`__arg_ctx`), before Linux 6.8.
        public static let contextTags = Lack(rawValue: 1 << 8)
    }

    /// Prepares an object's types.
    ///
    /// - Parameters:
    ///   - object: the object.
    ///   - lack: what the kernel does not understand.
    /// - Throws: ``ObjectError`` when the types are damaged.
    public init?(of object: ObjectSpec, lacking lack: Lack = []) throws(ObjectError) {
        guard let types = object.types else { return nil }
        do throws(BTFError) {
            let lowering = TypeLowering(object: object, types: types, lack: lack)
            var rewriter = BTFRewriter(types)
            for id in types.ownTypeIDs {
                guard let kind = types.kind(id), lowering.mayChange(kind, of: id) else { continue }
                if let changed = try lowering.change(id) { rewriter.replace(id, with: changed) }
            }
            contextFunctions =
                lack.contains(.contextTags) && lack.isDisjoint(with: [.functions, .globalFunctions])
                ? try ContextParameters(of: object, types).write(into: &rewriter) : [:]
            bytes = try rewriter.encode()
        } catch {
            throw ObjectError(.malformed, "cannot prepare the object's types for the kernel", cause: error)
        }
    }
}

/// Decides what becomes of each type.
private struct TypeLowering {
    let types: BTFTable
    let lack: LoadableTypes.Lack
    private let hidden: Set<String>
    private let sections: [String: MapSpec]
    private let variables: [String: [String: VariableSpec]]
    private let configuration: [String: (offset: Int, size: Int)]

    init(object: ObjectSpec, types: BTFTable, lack: LoadableTypes.Lack) {
        self.types = types
        self.lack = lack
        hidden = Set(object.functions.values.lazy.filter { !$0.isGlobal }.map(\.name))
        sections = Dictionary(object.maps.compactMap { map in map.section.map { ($0.name, map) } }) { first, _ in first
        }
        variables = Dictionary(grouping: object.variables, by: \.map).mapValues { list in
            Dictionary(list.map { ($0.name, $0) }) { first, _ in first }
        }
        configuration = Dictionary(
            object.externals.compactMap { external in
                guard case .kernelConfiguration(let offset, let size) = external.kind else { return nil }
                return (external.name, (offset, size))
            }
        ) { first, _ in first }
    }

    /// Whether a type of a kind must be looked at, which costs decoding it.
    func mayChange(_ kind: BTFKind, of id: BTFTypeID) -> Bool {
        switch kind {
        case .dataSection, .function, .variable: true
        case .functionPrototype: lack.contains(.functions) || types.hasUnnamedParameters(id)
        case .float: lack.contains(.floats)
        case .declarationTag: !lack.isDisjoint(with: [.declarationTags, .attributes])
        case .typeTag: !lack.isDisjoint(with: [.typeTags, .attributes])
        case .enumeration64, .enumeration: lack.contains(.wideEnumerations)
        default: false
        }
    }

    func change(_ id: BTFTypeID) throws(BTFError) -> BTFType? {
        switch try types.type(id) {
        case .dataSection(let section):
            return lack.contains(.dataSections) ? Self.placeholder : try dataSection(section)
        case .function(let function): return change(function)
        case .variable(var variable):
            if lack.contains(.dataSections) { return Self.placeholder }
            guard variable.linkage == .extern else { return nil }
            variable.linkage = .global
            return .variable(variable)
        case .functionPrototype(let prototype): return change(prototype)
        case .float(let float):
            return .structure(BTFComposite(name: float.name, size: UInt32(float.size), members: []))
        case .declarationTag(let tag):
            return lack.contains(.declarationTags) || tag.isAttribute ? Self.placeholder : nil
        case .typeTag(let tag): return lack.contains(.typeTags) || tag.isAttribute ? .const(tag.type) : nil
        case .enumeration(let enumeration): return lowered(enumeration)
        default: return nil
        }
    }

    /// What stands for a type that nothing refers to.
    private static let placeholder = BTFType.integer(
        BTFInteger(name: "int", size: 4, bitOffset: 0, bits: 32, encoding: .signed))

    private func change(_ function: BTFFunction) -> BTFType? {
        if lack.contains(.functions) {
            return .typedef(BTFNamedReference(name: function.name, type: function.prototype))
        }
        var function = function
        // What the kernel provides has no body here; `extern` is refused in a program's types.
        if function.linkage == .extern {
            function.linkage = .global
        } else if function.linkage == .global, hidden.contains(function.name) {
            // The verifier checks a global function on its own, which hidden functions do not want.
            function.linkage = .static
        } else if function.linkage == .static || !lack.contains(.globalFunctions) {
            return nil
        }
        if lack.contains(.globalFunctions) { function.linkage = .static }
        return .function(function)
    }

    private func change(_ prototype: BTFFunctionPrototype) -> BTFType? {
        // Pointers to functions lead here; a pointer to `const void` says the same to a kernel without functions.
        if lack.contains(.functions) { return .const(.void) }
        // A function's parameters need names, which declarations may leave out.
        var prototype = prototype
        var changed = false
        for index in prototype.parameters.indices
        where prototype.parameters[index].name.isEmpty && prototype.parameters[index].type != .void {
            prototype.parameters[index].name = "argument\(index)"
            changed = true
        }
        return changed ? .functionPrototype(prototype) : nil
    }

    private func lowered(_ enumeration: BTFEnumeration) -> BTFType? {
        if enumeration.is64 {
            return .integer(
                BTFInteger(
                    name: enumeration.name.isEmpty ? "enum64" : enumeration.name, size: UInt32(enumeration.size),
                    bitOffset: 0, bits: UInt8(clamping: enumeration.size &* 8),
                    encoding: enumeration.isSigned ? .signed : []))
        }
        // The flag that tells the sign is newer than the kind.
        guard enumeration.isSigned else { return nil }
        var enumeration = enumeration
        enumeration.isSigned = false
        for index in enumeration.values.indices {
            enumeration.values[index].value &= 0xffff_ffff
        }
        return .enumeration(enumeration)
    }

    /// A data section with the sizes and offsets that clang left out, or a placeholder for what is not a section of
    /// variables.
    private func dataSection(_ section: BTFDataSection) throws(BTFError) -> BTFType? {
        guard let map = sections[section.name], let data = map.section else {
            // `.maps`, `.ksyms`, `license`: the kernel needs nothing of them.
            return Self.placeholder
        }
        // A linker has filled everything in, and static variables of several files may have one name.
        if section.size == data.contents.count, section.variables.allSatisfy({ $0.offset <= section.size }) {
            return .dataSection(section)
        }
        var section = section
        section.size = UInt32(clamping: data.contents.count)
        var placed: [BTFDataSectionVariable] = []
        for entry in section.variables {
            guard case .variable(let variable) = try types.type(entry.type) else { continue }
            var entry = entry
            if let known = variables[map.name]?[variable.name] {
                (entry.offset, entry.size) = (UInt32(clamping: known.offset), UInt32(clamping: known.size))
            } else if let known = configuration[variable.name] {
                (entry.offset, entry.size) = (UInt32(clamping: known.offset), UInt32(clamping: known.size))
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
}
