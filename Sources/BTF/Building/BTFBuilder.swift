// SPDX-License-Identifier: Apache-2.0

public import Bytes
import Diagnostics

/// Makes type information: adds and replaces types, then writes a `.BTF` section.
///
/// ```swift
/// var builder = BTFBuilder(order: .little)
/// let int = try builder.add(.integer(BTFInteger(name: "int", size: 4, encoding: .signed)))
/// let bytes = try builder.encode()
/// ```
public struct BTFBuilder: Sendable {
    /// The byte order that is written.
    public let order: ByteOrder
    /// The table that the types continue, or `nil`.
    public let base: BTFTable?
    /// The id that the first own type has.
    public let firstTypeID: BTFTypeID
    /// The own types; the first has ``firstTypeID``.
    public private(set) var types: [BTFType] = []
    private var strings: StringTable

    /// Starts without types.
    ///
    /// - Parameter base: for split type information, the table that ids and string offsets continue.
    public init(order: ByteOrder = .host, base: BTFTable? = nil) {
        self.order = base?.order ?? order
        self.base = base
        firstTypeID = BTFTypeID(UInt32(truncatingIfNeeded: base?.typeCount ?? 1))
        strings = StringTable(start: base?.stringLength ?? 0)
    }

    /// Starts with a table's own types; ids stay the same.
    ///
    /// - Throws: ``BTFError`` when a type of the table cannot be decoded.
    public init(copying table: BTFTable) throws(BTFError) {
        self.init(order: table.order, base: table.base)
        strings = StringTable(preserving: table)
        types.reserveCapacity(table.offsets.count)
        var budget = table.nameBudget
        for id in table.ownTypeIDs { types.append(try table.type(id, nameBudget: &budget)) }
    }

    /// The number of types: ids from 0 to one less are valid, the base's included.
    public var typeCount: Int { Int(firstTypeID.rawValue) + types.count }

    /// Adds a type and answers its id. Ids it refers to may be added later.
    @discardableResult
    public mutating func add(_ type: BTFType) -> BTFTypeID {
        types.append(type)
        return BTFTypeID(UInt32(truncatingIfNeeded: typeCount - 1))
    }

    /// Reads or replaces an own type. Reading an id that is not an own type answers ``BTFType/void``; replacing it does
    /// nothing.
    public subscript(id: BTFTypeID) -> BTFType {
        get {
            let index = Int(id.rawValue) - Int(firstTypeID.rawValue)
            return types.indices.contains(index) ? types[index] : .void
        }
        set {
            let index = Int(id.rawValue) - Int(firstTypeID.rawValue)
            if types.indices.contains(index) { types[index] = newValue }
        }
    }

    /// Adds a string that no type names, such as a line of source code, and answers its offset.
    ///
    /// - Throws: ``BTFError/Code/tooLarge`` when the strings pass 2 GiB.
    public mutating func addString(_ text: String) throws(BTFError) -> UInt32 {
        try strings.offset(of: text)
    }

    /// Writes the section: a header of 24 bytes, the types in the order of their ids, every string once.
    ///
    /// - Throws: ``BTFError/Code/tooLarge`` when a type has too many members, or an offset or value does not fit.
    public func encode() throws(BTFError) -> [UInt8] {
        var encoder = TypeEncoder(order: order, strings: strings)
        for (index, type) in types.enumerated() {
            do throws(BTFError) {
                try encoder.append(type)
            } catch {
                throw BTFError(
                    error.code, error.message,
                    context: error.context + [
                        DiagnosticContext("type", Int(firstTypeID.rawValue) + index),
                        DiagnosticContext("name", type.name),
                    ])
            }
        }
        return try encoder.finish()
    }
}
