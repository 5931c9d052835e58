// SPDX-License-Identifier: Apache-2.0

/// Writes types as C: declarations, bodies, padding.
struct CWriter {
    let types: DecodedTypes
    var names: CNames
    private var layouts: CLayouts
    /// Anonymous enumerations whose enumerators were written.
    private(set) var writtenAnonymous: Set<BTFTypeID> = []
    /// Steps and bytes of text that are left: types without a name are written wherever they are used, so that a few
    /// of them can nest into a text without end.
    private var remaining: Int

    private static let maximumDepth = 64

    init(_ types: DecodedTypes) throws(BTFError) {
        self.types = types
        // A kernel's header is smaller than its types.
        remaining = 1 << 20 + types.byteCount * 16
        names = try CNames(types.table)
        layouts = CLayouts(types)
    }

    /// Takes from what may be visited and written.
    ///
    /// - Throws: ``BTFError/Code/tooLarge`` when nothing is left.
    mutating func spend(_ amount: Int) throws(BTFError) {
        remaining -= amount
        guard remaining >= 0 else {
            throw BTFError(
                .tooLarge, "the types are used in each other so often that their text never ends",
                hint: "no compiler writes such types")
        }
    }

    /// Declares something of a type: `int (*name)[4]`.
    mutating func declaration(
        _ id: BTFTypeID, _ name: String, indent: Int = 0, depth: Int = 0
    ) throws(BTFError) -> String {
        let text = try writtenDeclaration(id, name, indent: indent, depth: depth)
        // Each level of nesting copies the text of those in it.
        try spend(text.utf8.count)
        return text
    }

    private mutating func writtenDeclaration(
        _ id: BTFTypeID, _ name: String, indent: Int, depth: Int
    ) throws(BTFError) -> String {
        guard depth < CWriter.maximumDepth else { throw .tooDeep(id) }
        var current = id
        var declarator = name
        var qualifiers = Qualifiers()
        var isPointer = false
        for _ in 0..<CWriter.maximumDepth {
            let type = try types.type(current)
            switch type {
            case .const(let next):
                qualifiers.isConst = true
                current = next
            case .volatile(let next):
                qualifiers.isVolatile = true
                current = next
            case .restrict(let next):
                qualifiers.isRestrict = true
                current = next
            case .typeTag(let tag):
                qualifiers.tags = attribute(of: tag) + qualifiers.tags
                current = tag.type
            case .pointer(let next):
                // What qualifies a pointer stands behind its star, what qualifies anything else in front.
                declarator = "*" + qualifiers.ofPointer + declarator
                qualifiers = Qualifiers()
                isPointer = true
                current = next
            case .array(let array):
                if isPointer { declarator = "(\(declarator))" }
                declarator += "[\(array.count)]"
                isPointer = false
                current = array.element
            case .functionPrototype(let prototype):
                if isPointer { declarator = "(\(declarator))" }
                declarator += try parameters(prototype, indent: indent, depth: depth)
                isPointer = false
                qualifiers = Qualifiers()
                current = prototype.result
            case .typedef(let reference) where reference.name.isEmpty:
                current = reference.type
            default:
                let base = try base(current, type, indent: indent, depth: depth)
                let text = qualifiers.ofBase + base
                return declarator.isEmpty && qualifiers.tags.isEmpty ? text : text + " " + qualifiers.tags + declarator
            }
        }
        throw .tooDeep(id)
    }

    private struct Qualifiers {
        var isConst = false
        var isVolatile = false
        var isRestrict = false
        var tags = ""

        var ofBase: String { (isConst ? "const " : "") + (isVolatile ? "volatile " : "") }
        var ofPointer: String { ofBase + (isRestrict ? "restrict " : "") + tags }
    }

    private func attribute(of tag: BTFTypeTag) -> String {
        if !tag.isAttribute { return "__attribute__((btf_type_tag(\(CIdentifiers.quoted(tag.name))))) " }
        return CIdentifiers.isPlainAttribute(tag.name) ? "__attribute__((\(tag.name))) " : ""
    }

    private mutating func parameters(
        _ prototype: BTFFunctionPrototype, indent: Int, depth: Int
    ) throws(BTFError) -> String {
        if prototype.parameters.isEmpty { return "(void)" }
        let isVariadic = prototype.isVariadic
        if isVariadic, prototype.parameters.count == 1 { return "()" }
        var texts: [String] = []
        for parameter in prototype.parameters.dropLast(isVariadic ? 1 : 0) {
            var name = parameter.name.isEmpty ? "" : CIdentifiers.valid(parameter.name)
            // A parameter hides a typedef of its name from the parameters after it.
            if names.isOrdinary(name) { name += "_" }
            texts.append(try declaration(parameter.type, name, indent: indent, depth: depth + 1))
        }
        if isVariadic { texts.append("...") }
        return "(" + texts.joined(separator: ", ") + ")"
    }

    private mutating func base(
        _ id: BTFTypeID, _ type: BTFType, indent: Int, depth: Int
    ) throws(BTFError) -> String {
        switch type {
        case .integer(let integer): return CIdentifiers.spelling(integer)
        case .float(let float): return CIdentifiers.spelling(float)
        case .typedef(let reference): return names.name(id, reference.name)
        case .forward(let forward):
            return forward.name.isEmpty
                ? "void" : (forward.isUnion ? "union " : "struct ") + names.name(id, forward.name)
        case .structure(let composite):
            if !composite.name.isEmpty { return "struct " + names.name(id, composite.name) }
            return "struct " + (try body(id, composite, isUnion: false, indent: indent, depth: depth))
        case .union(let composite):
            if !composite.name.isEmpty { return "union " + names.name(id, composite.name) }
            return "union " + (try body(id, composite, isUnion: true, indent: indent, depth: depth))
        case .enumeration(let enumeration):
            if !enumeration.name.isEmpty { return "enum " + names.name(id, enumeration.name) }
            return "enum " + body(id, enumeration, indent: indent)
        default: return "void"
        }
    }

    /// The braces of a structure or union and what is between and behind them.
    mutating func body(
        _ id: BTFTypeID, _ composite: BTFComposite, isUnion: Bool, indent: Int = 0, depth: Int = 0
    ) throws(BTFError) -> String {
        let layout = try layouts.layout(id, composite, isUnion: isUnion)
        let tabs = String(repeating: "\t", count: indent + 1)
        var text = "{\n"
        for item in layout.items {
            text += tabs
            switch item {
            case .member(let index, let width):
                let member = composite.members[index]
                let name = member.name.isEmpty ? "" : CIdentifiers.valid(member.name)
                text += try declaration(member.type, name, indent: indent + 1, depth: depth + 1)
                if let width { text += ": \(width)" }
            case .padding(let bits): text += "long: \(bits)"
            case .gap(let offset, let bytes): text += "unsigned char __padding_\(offset)[\(bytes)]"
            }
            text += ";\n"
        }
        text += String(repeating: "\t", count: indent) + "}"
        if layout.isPacked { text += " __attribute__((packed))" }
        if let alignment = layout.explicitAlignment { text += " __attribute__((aligned(\(alignment))))" }
        return text
    }

    /// The braces of an enumeration and what is between and behind them.
    mutating func body(_ id: BTFTypeID, _ enumeration: BTFEnumeration, indent: Int = 0) -> String {
        if enumeration.name.isEmpty { writtenAnonymous.insert(id) }
        let tabs = String(repeating: "\t", count: indent + 1)
        var text = "{\n"
        for value in enumeration.values {
            text += tabs + names.unusedOrdinary(value.name) + " = " + CWriter.constant(value.value, enumeration) + ",\n"
        }
        // C has no enumeration without enumerators; the kernel declares some before it defines them.
        if enumeration.values.isEmpty { text += tabs + names.unusedOrdinary("__no_enumerators_\(id)") + " = 0,\n" }
        text += String(repeating: "\t", count: indent) + "}"
        if let mode = CWriter.mode(enumeration) { text += " __attribute__((mode(\(mode))))" }
        return text
    }

    private static func constant(_ value: Int64, _ enumeration: BTFEnumeration) -> String {
        let fitsInt = Int64(Int32.min)...Int64(Int32.max) ~= value
        if fitsInt, value >= 0 || enumeration.isSigned { return String(value) }
        if !enumeration.isSigned { return "\(UInt64(bitPattern: value))ULL" }
        return value == .min ? "(-9223372036854775807LL - 1)" : "\(value)LL"
    }

    /// The machine mode that gives an enumeration its size, when its values alone do not.
    private static func mode(_ enumeration: BTFEnumeration) -> String? {
        let needsWide = enumeration.values.contains { value in
            enumeration.isSigned
                ? !(Int64(Int32.min)...Int64(Int32.max) ~= value.value)
                : UInt64(bitPattern: value.value) > UInt64(UInt32.max)
        }
        let natural: UInt32 = needsWide ? 8 : 4
        guard enumeration.size != natural else { return nil }
        switch enumeration.size {
        case 1: return "QI"
        case 2: return "HI"
        case 4: return "SI"
        case 8: return "DI"
        default: return nil
        }
    }
}
