// SPDX-License-Identifier: Apache-2.0

/// A variable outside of functions, or a `static` one in a function.
public struct DWARFGlobalVariable: Sendable, Hashable {
    /// The name in the source.
    public let name: String
    /// The name for the linker when it is another one, as in C++.
    public let linkageName: String?
    /// The type as declared, `const` and `volatile` included.
    public let type: DWARFTypeID
    /// Other files can see it.
    public let isExternal: Bool
    /// It is only declared: another file defines it.
    public let isDeclaration: Bool
    /// The file it is declared in, with its whole path; `nil` when unknown.
    public let file: String?
    /// The line it is declared in; 0 when unknown.
    public let line: UInt64
    /// Where it is: a section and an offset in relocatable files; `nil` when it has no place.
    public let address: DWARFAddress?
}

extension DWARFInformation {
    /// All variables that have an address or are declared outside of functions, in the order of the file.
    ///
    /// The file and line tell where a comment about a parameter of the service stands.
    /// - Complexity: O(number of entries).
    /// - Throws: ``DWARFError`` when the entries are malformed.
    public func globalVariables() throws(DWARFError) -> [DWARFGlobalVariable] {
        var found: [DWARFGlobalVariable] = []
        var names = NameBudget(tree.sections)
        for entry in tree.entries.indices where tree.tag(of: entry) == Tag.variable {
            var address: DWARFAddress?
            if case .address(let place)? = try tree.locations(of: entry, frameRegister: nil).first?.location {
                address = place
            }
            let values = try tree.attributes(of: entry)
            // A definition refers to the declaration that it completes, which is listed by itself.
            let isOutside = tree.entries[entry].parent >= 0 && tree.entries[Int(tree.entries[entry].parent)].parent < 0
            guard address != nil || isOutside else { continue }
            found.append(try globalVariable(entry, values, address: address, &names))
        }
        return found
    }

    private func globalVariable(
        _ entry: Int, _ values: AttributeValues, address: DWARFAddress?, _ names: inout NameBudget
    ) throws(DWARFError) -> DWARFGlobalVariable {
        var type = DWARFTypeID.void
        if let found = try tree.inherited(Attribute.type, of: entry) {
            type = DWARFTypeID(entry: try tree.entry(found.value))
        }
        var linkageName: String?
        if let found = try tree.inherited(Attribute.linkageName, of: entry) {
            linkageName = try tree.string(found.value, in: found.unit).map { (name) throws(DWARFError) in
                try names.spend(name)
            }
        }
        var isExternal = false
        if case .flag(true)? = try tree.inherited(Attribute.external, of: entry)?.value { isExternal = true }
        let file = try tree.inherited(Attribute.declarationFile, of: entry)
        return DWARFGlobalVariable(
            name: try names.spend(tree.inheritedName(of: entry)), linkageName: linkageName, type: type,
            isExternal: isExternal,
            isDeclaration: values.flag(Attribute.declaration),
            file: try path(ofFile: file?.value, in: file?.unit, &names),
            line: try tree.inherited(Attribute.declarationLine, of: entry)?.value.unsigned ?? 0, address: address)
    }
}
