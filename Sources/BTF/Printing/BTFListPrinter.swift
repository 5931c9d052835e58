// SPDX-License-Identifier: Apache-2.0

/// Prints types as a list: a line for each type, and an indented line for each of its members.
///
/// ```
/// [114] STRUCT task_struct size=9856 members=262
///     thread_info type=115 bit=0
/// ```
///
/// ```swift
/// try BTFListPrinter(table).print(id) { chunk in output.write(chunk) }
/// ```
public struct BTFListPrinter {
    private let table: BTFTable

    /// Makes a printer.
    public init(_ table: BTFTable) { self.table = table }

    /// Prints the table's own types, without those of its base.
    ///
    /// - Parameter sink: takes the text in chunks of some 64 KiB.
    /// - Throws: ``BTFError`` when a type is damaged.
    public func print(into sink: (String) -> Void) throws(BTFError) {
        var text = ""
        for id in table.ownTypeIDs {
            try append(id, to: &text)
            if text.utf8.count > 1 << 16 {
                sink(text)
                text = ""
            }
        }
        sink(text)
    }

    /// Prints one type.
    public func print(_ id: BTFTypeID, into sink: (String) -> Void) throws(BTFError) {
        var text = ""
        try append(id, to: &text)
        sink(text)
    }

    private func append(_ id: BTFTypeID, to text: inout String) throws(BTFError) {
        let type = try table.type(id)
        text += "[\(id)] \(type.kind?.kernelName ?? "VOID")"
        switch type {
        case .void, .pointer, .array, .volatile, .const, .restrict, .functionPrototype: break
        default: text += " \(label(type.name))"
        }
        switch type {
        case .void: text += "\n"
        case .integer(let integer):
            text += " size=\(integer.size) bits=\(integer.bits)"
            if integer.bitOffset != 0 { text += " bit=\(integer.bitOffset)" }
            text += encoding(integer.encoding) + "\n"
        case .pointer(let target), .volatile(let target), .const(let target), .restrict(let target):
            text += " type=\(target)\n"
        case .array(let array): text += " type=\(array.element) index=\(array.index) count=\(array.count)\n"
        case .structure(let composite), .union(let composite):
            text += " size=\(composite.size) members=\(composite.members.count)\n"
            for member in composite.members {
                text += "    \(label(member.name)) type=\(member.type) bit=\(member.bitOffset)"
                text += member.bitfieldSize == 0 ? "\n" : " bits=\(member.bitfieldSize)\n"
            }
        case .enumeration(let enumeration):
            text += " size=\(enumeration.size) \(enumeration.isSigned ? "signed" : "unsigned")"
            text += " values=\(enumeration.values.count)\n"
            for value in enumeration.values {
                let number = enumeration.isSigned ? "\(value.value)" : "\(UInt64(bitPattern: value.value))"
                text += "    \(label(value.name)) = \(number)\n"
            }
        case .forward(let forward): text += forward.isUnion ? " union\n" : " struct\n"
        case .typedef(let reference): text += " type=\(reference.type)\n"
        case .function(let function): text += " type=\(function.prototype) \(function.linkage)\n"
        case .functionPrototype(let prototype):
            text += " result=\(prototype.result) parameters=\(prototype.parameters.count)\n"
            for parameter in prototype.parameters { text += "    \(label(parameter.name)) type=\(parameter.type)\n" }
        case .variable(let variable): text += " type=\(variable.type) \(variable.linkage)\n"
        case .dataSection(let section):
            text += " size=\(section.size) variables=\(section.variables.count)\n"
            for variable in section.variables {
                let name = (try? table.name(variable.type)) ?? ""
                text += "    \(label(name)) type=\(variable.type) offset=\(variable.offset) size=\(variable.size)\n"
            }
        case .float(let float): text += " size=\(float.size)\n"
        case .declarationTag(let tag):
            text += " type=\(tag.type) component=\(tag.componentIndex)\(tag.isAttribute ? " attribute" : "")\n"
        case .typeTag(let tag): text += " type=\(tag.type)\(tag.isAttribute ? " attribute" : "")\n"
        }
    }

    /// The name with control characters, which a terminal would obey, left out.
    private func label(_ name: String) -> String {
        if name.isEmpty { return "(anonymous)" }
        guard name.utf8.contains(where: { $0 < 0x20 || $0 >= 0x7f }) else { return name }
        return String(
            String.UnicodeScalarView(
                name.unicodeScalars.map { $0.value >= 0x20 && !(0x7f...0x9f).contains($0.value) ? $0 : "\u{fffd}" }))
    }

    private func encoding(_ encoding: BTFInteger.Encoding) -> String {
        (encoding.contains(.signed) ? " signed" : "") + (encoding.contains(.character) ? " character" : "")
            + (encoding.contains(.boolean) ? " boolean" : "")
    }
}
