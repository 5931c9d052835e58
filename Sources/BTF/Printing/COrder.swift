// SPDX-License-Identifier: Apache-2.0

/// Writes definitions in an order that C accepts.
struct COrder {
    private enum State: UInt8 {
        case untouched, declaring, declared, defining, defined
    }

    /// What was written and not yet taken.
    var text = ""
    private var writer: CWriter
    private var types: DecodedTypes { writer.types }
    private var states: [State]
    private var writtenTypedefs: Set<BTFTypeID> = []
    private var declaredTags: Set<String> = []
    private var kernelFunctions: [KernelFunction] = []

    private struct KernelFunction {
        let name: String
        let prototype: BTFTypeID
        let isFast: Bool
    }

    private static let maximumDepth = 512

    init(_ writer: CWriter) {
        self.writer = writer
        states = Array(repeating: .untouched, count: writer.types.table.typeCount)
    }

    /// Writes what has to come before a use of a type, and the type itself.
    ///
    /// - Parameter needsDefinition: whether the use needs the size of the type, rather than only its name.
    mutating func visit(_ id: BTFTypeID, needsDefinition: Bool, depth: Int = 0) throws(BTFError) {
        guard depth < COrder.maximumDepth else { throw .tooDeep(id) }
        // Function types are walked again at each use.
        try writer.spend(1)
        let type = try types.type(id)
        switch type {
        case .pointer(let target): try visit(target, needsDefinition: false, depth: depth + 1)
        case .const(let target), .volatile(let target), .restrict(let target):
            try visit(target, needsDefinition: needsDefinition, depth: depth + 1)
        case .typeTag(let tag): try visit(tag.type, needsDefinition: needsDefinition, depth: depth + 1)
        // Even a pointer to an array needs the size of its elements.
        case .array(let array): try visit(array.element, needsDefinition: true, depth: depth + 1)
        case .functionPrototype(let prototype):
            try visit(prototype.result, needsDefinition: false, depth: depth + 1)
            for parameter in prototype.parameters {
                try visit(parameter.type, needsDefinition: false, depth: depth + 1)
            }
        case .typedef(let reference):
            try visitTypedef(id, reference, needsDefinition: needsDefinition, depth: depth)
        case .enumeration(let enumeration):
            guard !enumeration.name.isEmpty, states[Int(id.rawValue)] != .defined else { return }
            states[Int(id.rawValue)] = .defined
            text += "enum \(writer.names.name(id, enumeration.name)) \(writer.body(id, enumeration));\n\n"
        case .forward(let forward):
            if !forward.name.isEmpty { declare(id, forward.name, isUnion: forward.isUnion) }
        case .structure(let composite):
            try visitComposite(id, composite, isUnion: false, needsDefinition: needsDefinition, depth: depth)
        case .union(let composite):
            try visitComposite(id, composite, isUnion: true, needsDefinition: needsDefinition, depth: depth)
        case .void, .integer, .float, .function, .variable, .dataSection, .declarationTag: return
        }
    }

    private mutating func declare(_ id: BTFTypeID, _ name: String, isUnion: Bool) {
        let tag = (isUnion ? "union " : "struct ") + writer.names.name(id, name)
        if declaredTags.insert(tag).inserted { text += tag + ";\n\n" }
    }

    private mutating func visitComposite(
        _ id: BTFTypeID, _ composite: BTFComposite, isUnion: Bool, needsDefinition: Bool, depth: Int
    ) throws(BTFError) {
        let index = Int(id.rawValue)
        let isAnonymous = composite.name.isEmpty
        switch states[index] {
        case .defined: return
        case .defining:
            if !isAnonymous { declare(id, composite.name, isUnion: isUnion) }
            return
        default: break
        }
        // One without a name is written where it is used, so what it contains is needed in any case.
        guard needsDefinition || isAnonymous else {
            declare(id, composite.name, isUnion: isUnion)
            return
        }
        states[index] = .defining
        for member in composite.members { try visit(member.type, needsDefinition: true, depth: depth + 1) }
        states[index] = .defined
        guard !isAnonymous else { return }
        let tag = (isUnion ? "union " : "struct ") + writer.names.name(id, composite.name)
        declaredTags.insert(tag)
        text += "\(tag) \(try writer.body(id, composite, isUnion: isUnion));\n\n"
    }

    private mutating func visitTypedef(
        _ id: BTFTypeID, _ reference: BTFNamedReference, needsDefinition: Bool, depth: Int
    ) throws(BTFError) {
        let index = Int(id.rawValue)
        switch (states[index], needsDefinition) {
        case (.defined, _), (.defining, _), (.declared, false), (.declaring, false): break
        case (_, true):
            let wasDeclaring = states[index] == .declaring
            if wasDeclaring { return }
            states[index] = .defining
            try visit(reference.type, needsDefinition: true, depth: depth + 1)
            try writeTypedef(id, reference)
            states[index] = .defined
            return
        case (_, false):
            states[index] = .declaring
            try visit(reference.type, needsDefinition: false, depth: depth + 1)
            try writeTypedef(id, reference)
            states[index] = .declared
            return
        }
        // Inside its own definition, a typedef of a structure that points to it is written with the structure declared.
        if states[index] == .defining, !writtenTypedefs.contains(id) {
            states[index] = .declaring
            try visit(reference.type, needsDefinition: false, depth: depth + 1)
            try writeTypedef(id, reference)
            states[index] = .defining
        }
    }

    private mutating func writeTypedef(_ id: BTFTypeID, _ reference: BTFNamedReference) throws(BTFError) {
        guard !reference.name.isEmpty, writtenTypedefs.insert(id).inserted else { return }
        let name = writer.names.name(id, reference.name)
        let line = "typedef \(try writer.declaration(reference.type, name));\n"
        // C23 has `bool` of its own.
        text += name == "bool" ? COrder.beforeC23(line) : line + "\n"
    }

    private static func beforeC23(_ definition: String) -> String {
        "#if !defined(__STDC_VERSION__) || __STDC_VERSION__ < 202311L\n\(definition)#endif\n\n"
    }

    /// Writes the anonymous enumerations that nothing refers to: sets of constants.
    mutating func writeRemainingEnumerations() throws(BTFError) {
        for raw in 1..<UInt32(max(types.table.typeCount, 1)) {
            let id = BTFTypeID(raw)
            guard types.table.kind(id)?.isEnumeration == true, case .enumeration(let enumeration) = try types.type(id),
                enumeration.name.isEmpty, !enumeration.values.isEmpty, !writer.writtenAnonymous.contains(id)
            else { continue }
            let definition = "enum \(writer.body(id, enumeration));\n"
            let isBoolean = enumeration.values.contains { $0.name == "true" || $0.name == "false" }
            text += isBoolean ? COrder.beforeC23(definition) : definition + "\n"
        }
    }

    /// Finds the functions that carry the tag `bpf_kfunc`, and writes the types they need.
    mutating func visitKernelFunctions() throws(BTFError) {
        var fast: Set<BTFTypeID> = []
        var tagged: [BTFTypeID] = []
        for raw in 1..<UInt32(max(types.table.typeCount, 1)) where types.table.kind(BTFTypeID(raw)) == .declarationTag {
            guard case .declarationTag(let tag) = try types.type(BTFTypeID(raw)), tag.componentIndex == -1,
                types.table.kind(tag.type) == .function
            else { continue }
            if tag.name == "bpf_kfunc" { tagged.append(tag.type) }
            if tag.name == "bpf_fastcall" { fast.insert(tag.type) }
        }
        var names: Set<String> = []
        for id in tagged {
            guard case .function(let function) = try types.type(id), names.insert(function.name).inserted,
                CIdentifiers.valid(function.name) == function.name, !writer.names.isOrdinary(function.name)
            else { continue }
            try visit(function.prototype, needsDefinition: false)
            kernelFunctions.append(
                KernelFunction(name: function.name, prototype: function.prototype, isFast: fast.contains(id)))
        }
    }

    /// Declares the functions that were found.
    mutating func writeKernelFunctions() throws(BTFError) {
        guard !kernelFunctions.isEmpty else { return }
        text += """
            #ifndef BPF_NO_KFUNC_PROTOTYPES
            #ifndef __ksym
            #define __ksym __attribute__((section(".ksyms")))
            #endif
            #ifndef __weak
            #define __weak __attribute__((weak))
            #endif
            #ifndef __bpf_fastcall
            #if __has_attribute(bpf_fastcall)
            #define __bpf_fastcall __attribute__((bpf_fastcall))
            #else
            #define __bpf_fastcall
            #endif
            #endif


            """
        for function in kernelFunctions {
            let declaration = try writer.declaration(function.prototype, function.name)
            text += "extern \(declaration) __weak __ksym\(function.isFast ? " __bpf_fastcall" : "");\n"
        }
        text += "#endif\n\n"
    }
}
