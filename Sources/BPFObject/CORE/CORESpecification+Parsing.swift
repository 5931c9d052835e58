// SPDX-License-Identifier: Apache-2.0

import BTF

extension CORESpecification {
    /// Reads a relocation's access string against the object's own types.
    init(parsing relocation: CORERelocation, types: CORETypes) throws(CORERelocationError) {
        self.init(types: types, root: relocation.type)
        let text = relocation.accessString
        if relocation.kind.isTypeBased {
            guard text == "0" else { throw .malformed("the access string of a type relocation is not 0") }
            _ = try types.type(relocation.type)
            return
        }
        let indexes = try CORESpecification.indexes(text)
        var (current, type) = try types.resolved(relocation.type)
        steps = indexes.count
        if relocation.kind.isEnumeratorBased {
            guard indexes.count == 1, case .enumeration(let enumeration) = type,
                indexes[0] < enumeration.values.count
            else { throw .malformed("the access string does not name an enumerator") }
            accessors.append(
                COREAccessor(type: current, index: indexes[0], name: enumeration.values[indexes[0]].name))
            return
        }
        accessors.append(COREAccessor(type: current, index: indexes[0], name: nil))
        try add(elements: indexes[0], of: current)
        for index in indexes.dropFirst() {
            (current, type) = try types.resolved(current)
            switch type {
            case .structure(let composite), .union(let composite):
                guard index < composite.members.count else {
                    throw .malformed("the access string names a member past the last one")
                }
                let member = composite.members[index]
                try add(bits: Int(member.bitOffset))
                if !member.name.isEmpty {
                    accessors.append(COREAccessor(type: current, index: index, name: member.name))
                }
                current = member.type
            case .array(let array):
                guard try isFlexible(array) || index < Int(array.count) else {
                    throw .malformed("the access string names an element past the end of the array")
                }
                current = try types.resolved(array.element).id
                accessors.append(COREAccessor(type: current, index: index, name: nil))
                try add(elements: index, of: current)
            default:
                throw .malformed("the access string leads into a type that has no parts")
            }
        }
    }

    /// Splits `0:1:2`.
    private static func indexes(_ text: String) throws(CORERelocationError) -> [Int] {
        var indexes: [Int] = []
        for part in text.split(separator: ":", omittingEmptySubsequences: false) {
            guard let index = UInt32(part), index <= UInt32(Int32.max), part.first != "+" else {
                throw .malformed("the access string is not a list of numbers")
            }
            guard indexes.count < maximumSteps else { throw .malformed("the access string has too many steps") }
            indexes.append(Int(index))
        }
        return indexes
    }
}
