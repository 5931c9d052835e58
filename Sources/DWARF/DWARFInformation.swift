// SPDX-License-Identifier: Apache-2.0

public import ELF
import Synchronization

/// The debug information of a file: types, variables, functions and where each is declared.
///
/// Made for what clang writes for BPF, DWARF 4 and 5 in relocatable files of either byte order, and able to read
/// executables too. The tree of entries is indexed once; attributes are read when they are asked for.
///
/// ```swift
/// let information = try DWARFInformation(file)
/// for variable in try information.variables(inSection: code.index, at: 40) {
///     print(variable.name, try information.summary(of: variable.type).name)
/// }
/// ```
///
/// Follows the DWARF 5 standard.
public final class DWARFInformation: Sendable {
    let tree: EntryTree
    /// Where each line of source went.
    public let lines: DWARFLineTable
    /// Made when the first question needs it.
    let functionIndex = Mutex<FunctionIndex?>(nil)

    /// Indexes the units and entries of a file.
    ///
    /// - Throws: ``DWARFError`` when the file has no debug information, when its version is not 4 or 5, or when it is
    ///   malformed.
    public init(_ file: ELFFile) throws(DWARFError) {
        let sections = try DebugSections(file)
        guard sections.information.count > 0 else {
            throw DWARFError(
                .missing, "the file has no debug information", section: ".debug_info",
                hint: "compile with -g, and do not strip the file")
        }
        var names = NameBudget(sections)
        tree = try EntryTree(sections, names: &names)
        var directories: [UInt64: String] = [:]
        for unit in tree.units {
            if let offset = unit.lineTableOffset { directories[offset] = unit.directory }
        }
        lines = try DWARFLineTable(sections, directories: directories, names: &names)
    }

    /// The units that the file was compiled from.
    public var units: [DWARFUnit] {
        tree.units.map {
            DWARFUnit(
                name: $0.name, directory: $0.directory, producer: $0.producer, language: $0.language,
                version: Int($0.encoding.version))
        }
    }

    /// The file of a declaration: whole path, or `nil` when unknown.
    func path(ofFile value: AttributeValue?, in unit: Unit) -> String? {
        guard let index = value?.unsigned, let offset = unit.lineTableOffset else { return nil }
        return lines.path(ofFile: index, inProgramAt: offset)
    }

    /// The same, with the path's bytes taken from those that may be copied.
    func path(ofFile value: AttributeValue?, in unit: Unit?, _ names: inout NameBudget) throws(DWARFError) -> String? {
        guard let unit, let path = path(ofFile: value, in: unit) else { return nil }
        return try names.spend(path)
    }
}

/// One compiled source file.
public struct DWARFUnit: Sendable, Hashable {
    /// The source file as it was given to the compiler.
    public let name: String
    /// The folder that the compiler ran in.
    public let directory: String
    /// The compiler.
    public let producer: String
    /// The language (`DW_LANG_*`).
    public let language: UInt64
    /// The version of DWARF.
    public let version: Int
}
