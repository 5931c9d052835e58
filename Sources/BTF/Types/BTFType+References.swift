// SPDX-License-Identifier: Apache-2.0

extension BTFType {
    /// The same type with every id that it refers to replaced.
    ///
    /// - Parameter map: answers the new id for an old one; it is asked for ``BTFTypeID/void`` too.
    public func mappingReferences(_ map: (BTFTypeID) -> BTFTypeID) -> BTFType {
        switch self {
        case .void, .integer, .enumeration, .forward, .float: return self
        case .pointer(let target): return .pointer(map(target))
        case .volatile(let target): return .volatile(map(target))
        case .const(let target): return .const(map(target))
        case .restrict(let target): return .restrict(map(target))
        case .typedef(let reference):
            return .typedef(BTFNamedReference(name: reference.name, type: map(reference.type)))
        case .array(var array):
            array.element = map(array.element)
            array.index = map(array.index)
            return .array(array)
        case .structure(let composite): return .structure(Self.mapping(composite, map))
        case .union(let composite): return .union(Self.mapping(composite, map))
        case .function(var function):
            function.prototype = map(function.prototype)
            return .function(function)
        case .functionPrototype(var prototype):
            prototype.result = map(prototype.result)
            for index in prototype.parameters.indices {
                prototype.parameters[index].type = map(prototype.parameters[index].type)
            }
            return .functionPrototype(prototype)
        case .variable(var variable):
            variable.type = map(variable.type)
            return .variable(variable)
        case .dataSection(var section):
            for index in section.variables.indices {
                section.variables[index].type = map(section.variables[index].type)
            }
            return .dataSection(section)
        case .declarationTag(var tag):
            tag.type = map(tag.type)
            return .declarationTag(tag)
        case .typeTag(var tag):
            tag.type = map(tag.type)
            return .typeTag(tag)
        }
    }

    private static func mapping(_ composite: BTFComposite, _ map: (BTFTypeID) -> BTFTypeID) -> BTFComposite {
        var composite = composite
        for index in composite.members.indices { composite.members[index].type = map(composite.members[index].type) }
        return composite
    }
}
