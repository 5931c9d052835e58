// SPDX-License-Identifier: Apache-2.0

import BPFInstruction
import BTF
public import Bytes
import Diagnostics
import ELF

/// Reads an object file into an ``ObjectSpec``; each step fills a part, in an extension of its own.
struct ObjectReader {
    let name: String
    let file: ELFFile
    let symbols: [ELFSymbol]
    /// The defined symbols of each section.
    let symbolsBySection: [Int: [ELFSymbol]]
    let types: BTFTable?
    let typeExtension: BTFExtension?

    /// Which map stands for a section, by the section's index.
    var dataMaps: [Int: String] = [:]
    /// Which map starts at an offset of a section of map definitions.
    var definedMaps: [MapLocation: String] = [:]
    var maps: [MapSpec] = []
    var variables: [VariableSpec] = []
    var externals: [ExternalSpec] = []
    /// What the externals of each name are.
    var externalKinds: [String: Set<ExternalSpec.Kind>] = [:]
    var functions: [String: FunctionSpec] = [:]
    var programs: [ProgramSpec] = []
    /// The next number for static functions of a name that is taken.
    var localNumbers: [String: Int] = [:]
    /// The functions of each section in the order of their offsets.
    var functionsBySection: [Int: [FunctionRange]] = [:]

    struct MapLocation: Hashable {
        var section: Int
        var offset: UInt64
    }

    struct FunctionRange {
        var name: String
        var start: Int
        var end: Int
        /// Whether it is static.
        var isLocal: Bool
    }

    init(_ bytes: OwnedBytes, name: String) throws(ObjectError) {
        self.name = name
        do throws(ELFError) {
            file = try ELFFile(bytes)
            try file.requireBPFObject()
            try file.requireSeparateSections()
            symbols = try file.symbols()
        } catch {
            throw ObjectError(.malformed, "cannot read the object \(name)", cause: error)
        }
        symbolsBySection = Dictionary(grouping: symbols.filter { $0.sectionIndex != nil }, by: { $0.sectionIndex ?? 0 })
        var table: BTFTable?
        var information: BTFExtension?
        if let section = file.section(named: ".BTF"), section.size > 0 {
            let bytes = try Self.contents(of: section, in: file)
            var extensionBytes: OwnedBytes?
            if let section = file.section(named: ".BTF.ext"), section.size > 0 {
                extensionBytes = try Self.contents(of: section, in: file)
            }
            do throws(BTFError) {
                let decoded = try BTFTable(bytes)
                table = decoded
                if let extensionBytes { information = try BTFExtension(extensionBytes, table: decoded) }
            } catch {
                throw ObjectError(.malformed, "cannot read the types of the object \(name)", cause: error)
            }
        }
        types = table
        typeExtension = information
    }

    /// Reads all of the object.
    mutating func read() throws(ObjectError) -> ObjectSpec {
        try readDataSections()
        try readMapDefinitions()
        try readLegacyMaps()
        try readStructOps()
        try readArenaVariables()
        try readExternals()
        try readFunctions()
        try readStructOpsFunctions()
        try readFunctionInformation()
        try readExceptionCallbacks()
        try readReferences()
        readPrograms()
        return ObjectSpec(
            name: name, order: file.order, license: try license(), programs: programs, maps: maps,
            variables: variables, externals: externals, functions: functions, types: types,
            kernelTypes: try kernelTypes())
    }

    func contents(of section: ELFSection) throws(ObjectError) -> OwnedBytes {
        try Self.contents(of: section, in: file)
    }

    private static func contents(of section: ELFSection, in file: ELFFile) throws(ObjectError) -> OwnedBytes {
        do throws(ELFError) {
            return try file.contents(of: section)
        } catch {
            throw ObjectError(
                .malformed, "cannot read a section", context: [.init("section", section.name)], cause: error)
        }
    }

    func relocations(of section: ELFSection) throws(ObjectError) -> [ELFRelocation] {
        do throws(ELFError) {
            return try file.relocations(of: section)
        } catch {
            throw ObjectError(
                .malformed, "cannot read the relocations of a section", context: [.init("section", section.name)],
                cause: error)
        }
    }

    func type(_ id: BTFTypeID) throws(ObjectError) -> BTFType {
        guard let types else { return .void }
        do throws(BTFError) {
            return try types.type(id)
        } catch {
            throw ObjectError(.malformed, "cannot read a type of the object", cause: error)
        }
    }

    /// The type behind names and qualifiers.
    func resolvedType(_ id: BTFTypeID) throws(ObjectError) -> (BTFTypeID, BTFType) {
        guard let types else { return (.void, .void) }
        do throws(BTFError) {
            let resolved = try types.resolve(id)
            return (resolved, try types.type(resolved))
        } catch {
            throw ObjectError(.malformed, "cannot read a type of the object", cause: error)
        }
    }

    func size(of id: BTFTypeID) throws(ObjectError) -> Int {
        guard let types else { return 0 }
        do throws(BTFError) {
            return try types.size(of: id)
        } catch {
            throw ObjectError(.malformed, "cannot tell the size of a type of the object", cause: error)
        }
    }

    /// The `DATASEC` of a name: the type that lists a section's variables.
    func dataSectionType(named name: String) throws(ObjectError) -> BTFDataSection? {
        guard let types, let id = types.firstID(named: name, kind: .dataSection),
            case .dataSection(let section) = try type(id)
        else { return nil }
        return section
    }

    private func kernelTypes() throws(ObjectError) -> EmbeddedKernelTypes? {
        guard let section = file.section(named: EmbeddedKernelTypes.sectionName), section.size > 0 else { return nil }
        return EmbeddedKernelTypes(try contents(of: section), order: file.order)
    }

    private func license() throws(ObjectError) -> String {
        guard let section = file.section(named: "license") else { return "" }
        let bytes = try contents(of: section)
        guard let text = bytes.span.cString(at: 0) ?? bytes.span.string(at: 0, count: bytes.count) else { return "" }
        return text
    }
}

extension ObjectSpec {
    /// Reads an object file.
    ///
    /// - Parameters:
    ///   - bytes: an ELF file for eBPF (`ET_REL`, `EM_BPF`) of either byte order.
    ///   - name: the object's name, usually its file name without extension.
    /// - Throws: ``ObjectError`` that names section and offset when the file is damaged or uses something unsupported.
    public init(_ bytes: OwnedBytes, name: String) throws(ObjectError) {
        var reader = try ObjectReader(bytes, name: name)
        self = try reader.read()
    }
}
