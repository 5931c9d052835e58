// SPDX-License-Identifier: Apache-2.0

import BTF
import Bytes
import Diagnostics

/// Turns a type into a flat list of columns.
struct SchemaCompiler {
    let table: BTFTable
    let rules: MeaningRules
    let meanings: [String: Meaning]
    private(set) var columns: [Column] = []
    /// Columns left to make, in arrays of structures too.
    private var budget = 4096
    /// Members left to visit: few empty structures can nest into more visits than a life is long.
    private var visits = 1 << 16
    private static let maximumDepth = 32
    private static let maximumSize = 1 << 30

    init(table: BTFTable, rules: MeaningRules, meanings: [String: Meaning]) {
        self.table = table
        self.rules = rules
        self.meanings = meanings
    }

    /// Where a field lies and what surrounds it.
    struct Place {
        var components: [String]
        /// Bits from the start of the record.
        var bitOffset: Int
        var bitfieldSize = 0
        var owner = ""
        var siblings: [String] = []
        var depth = 0
        /// Whether nothing comes behind it, so that an array without a count holds the rest of the record.
        var isLast = true
    }

    /// Compiles a record's type; answers its C name, its size in bytes and whether it has fields.
    mutating func compile(_ type: BTFTypeID, name: String) throws(SchemaError) -> (String, Int, Bool) {
        let named = try TypeChain(type, in: table)
        let size: Int
        do throws(BTFError) {
            size = try table.size(of: type)
        } catch {
            throw SchemaError(
                .invalidType, "the type has no size", context: [.init("type", type.rawValue)], cause: error)
        }
        guard size <= Self.maximumSize else {
            throw SchemaError(.tooComplex, "\(named.declaration) is larger than 1 GiB")
        }
        var isComposite = false
        switch named.type {
        case .structure(let composite) where named.addressSize == nil,
            .union(let composite) where named.addressSize == nil:
            try add(composite, named.isUnion, at: Place(components: [], bitOffset: 0))
            // A union of two forms of an address is that address.
            if columns.count == 1, columns[0].components.isEmpty {
                columns[0] = columns[0].renamed([name])
            } else {
                isComposite = true
            }
        default:
            try add(named, at: Place(components: [name], bitOffset: 0))
        }
        Companions.connect(&columns)
        return (named.declaration, size, isComposite)
    }

    private mutating func add(_ composite: BTFComposite, _ isUnion: Bool, at place: Place) throws(SchemaError) {
        guard place.depth < Self.maximumDepth else { throw Self.tooDeep }
        if isUnion, try addAddressUnion(composite, at: place) { return }
        try visit(composite.members.count)
        let own = composite.members.map(\.name)
        let siblings = composite.name.isEmpty ? place.siblings + own : own
        for (index, member) in composite.members.enumerated() {
            var inner = place
            inner.depth += 1
            inner.owner = composite.name.isEmpty ? place.owner : composite.name
            inner.siblings = siblings
            inner.bitOffset = place.bitOffset &+ Int(member.bitOffset)
            inner.bitfieldSize = Int(member.bitfieldSize)
            inner.isLast = place.isLast && (isUnion || index == composite.members.count - 1)
            if !member.name.isEmpty { inner.components.append(member.name) }
            let named = try TypeChain(member.type, in: table)
            try requireInside(composite, member, named)
            switch named.type {
            case .structure(let nested) where named.addressSize == nil,
                .union(let nested) where named.addressSize == nil:
                try add(nested, named.isUnion, at: inner)
            default:
                // A bit field without a name only fills space.
                if !member.name.isEmpty { try add(named, at: inner) }
            }
        }
    }

    /// A union of an IPv4 and an IPv6 address is one column, called like the union or the common start of its members.
    private mutating func addAddressUnion(_ composite: BTFComposite, at place: Place) throws(SchemaError) -> Bool {
        var sizes: Set<Int> = []
        for member in composite.members {
            try visit(1)
            let named = try TypeChain(member.type, in: table)
            guard member.bitfieldSize == 0, let leaf = try layout(of: named, place: place) else { return false }
            let name = member.name.isEmpty ? place.components.last ?? "" : member.name
            let names = [name, (place.components.last ?? "") + "_" + name]
            let isAddress = names.contains { name in
                let field = FieldDescription(
                    name: name, typeNames: named.names, shape: leaf.shape, owner: place.owner, siblings: place.siblings)
                return rules.meaning(of: field) == .internetAddress
            }
            guard isAddress, let size = leaf.layout.size else { return false }
            sizes.insert(size)
        }
        guard sizes == [4, 16] else { return false }
        var components = place.components
        // An anonymous union is an unnamed member: it takes its name from what the members have in common.
        if composite.members.allSatisfy({ !$0.name.isEmpty }), place.bitOffset >= 0,
            let stem = Self.commonStem(composite.members.map(\.name)), !isNamedMember(place)
        {
            components.append(stem)
        }
        try append(
            Column(
                components: components, offset: place.bitOffset / 8, layout: .bytes(count: 16),
                typeName: "union", meaning: meanings[components.joined(separator: ".")] ?? .internetAddress))
        return true
    }

    /// Whether the union itself is a named member: then the innermost name is its own and not its owner's.
    private func isNamedMember(_ place: Place) -> Bool {
        guard let last = place.components.last else { return false }
        return place.siblings.contains(last)
    }

    static func commonStem(_ names: [String]) -> String? {
        guard var stem = names.first else { return nil }
        for name in names.dropFirst() {
            stem = String(zip(stem, name).prefix { $0 == $1 }.map(\.0))
        }
        // `saddr_v4` and `ipv4` lose the "v" too.
        if stem.hasSuffix("_v") || stem.hasSuffix("pv") { stem.removeLast() }
        while stem.hasSuffix("_") { stem.removeLast() }
        return stem.count < 2 ? names.first : stem
    }

    private mutating func add(_ named: TypeChain, at place: Place) throws(SchemaError) {
        guard let leaf = try layout(of: named, place: place) else { return }
        let path = place.components.joined(separator: ".")
        let name = place.components.last ?? ""
        let field = FieldDescription(
            name: name, typeNames: named.names, shape: leaf.shape, owner: place.owner, siblings: place.siblings)
        let meaning = meanings[path] ?? named.addressSize.map { _ in .internetAddress } ?? rules.meaning(of: field)
        try append(
            Column(
                components: place.components, offset: place.bitOffset / 8,
                layout: Self.adapt(leaf.layout, leaf.shape, to: meaning), typeName: leaf.typeName, meaning: meaning,
                isHidden: meanings[path] == nil && (rules.isPadding(name) || leaf.isEmpty)))
    }

    private mutating func append(_ column: Column) throws(SchemaError) {
        try spend()
        columns.append(column)
    }

    private mutating func spend() throws(SchemaError) {
        budget -= 1
        if budget < 0 { throw SchemaError(.tooComplex, "the type has more than 4096 columns") }
    }

    private mutating func visit(_ members: Int) throws(SchemaError) {
        visits -= members
        if visits < 0 { throw SchemaError(.tooComplex, "the type has more members than a record can show") }
    }

    /// A member behind the end of its structure would read what belongs to others.
    private func requireInside(
        _ composite: BTFComposite, _ member: BTFMember, _ named: TypeChain
    ) throws(SchemaError) {
        let bits: Int
        switch named.type {
        case _ where member.bitfieldSize > 0: bits = Int(member.bitfieldSize)
        // Older compilers gave bit fields an integer type of their own.
        case .integer(let type): bits = Int(type.bitOffset) + Int(type.bits)
        // What has no size, such as a member of a forward type, is not read either.
        default: bits = ((try? table.size(of: member.type)) ?? 0) &* 8
        }
        guard Int(member.bitOffset) &+ bits <= Int(composite.size) * 8 else {
            throw SchemaError(
                .invalidType, "a member ends behind its structure",
                context: [.init("structure", composite.name), .init("member", member.name)])
        }
    }

    private static var tooDeep: SchemaError {
        SchemaError(.tooComplex, "the type is nested deeper than \(maximumDepth) levels")
    }

    /// Some meanings read the same bytes in another way: addresses as bytes in network order, text in byte arrays.
    private static func adapt(_ layout: Layout, _ shape: FieldDescription.Shape, to meaning: Meaning) -> Layout {
        switch (meaning, layout) {
        case (.internetAddress, .integer(let integer)) where integer.bitCount == 0 && [4, 16].contains(integer.size):
            .bytes(count: integer.size)
        case (.internetAddress, .array) where layout.size == 16: .bytes(count: 16)
        case (_, .bytes(let count)) where meaning.isText: .text(count: count)
        case (.internetAddress, .text(let count)), (.hardwareAddress, .text(let count)): .bytes(count: count)
        default: layout
        }
    }

    /// A leaf's layout with what the rules and the reader need to know.
    struct Leaf {
        var layout: Layout
        var shape: FieldDescription.Shape
        var typeName: String
        var isEmpty = false
    }

    /// The layout of anything but a structure; `nil` for what takes no bytes, such as a member of a forward type.
    private mutating func layout(of named: TypeChain, place: Place) throws(SchemaError) -> Leaf? {
        guard place.depth < Self.maximumDepth else { throw Self.tooDeep }
        let name = named.declaration
        if let size = named.addressSize { return Leaf(layout: .bytes(count: size), shape: .other, typeName: name) }
        let order = named.order ?? table.order
        switch named.type {
        case .integer(let type):
            let bits = place.bitfieldSize > 0 ? place.bitfieldSize : Int(type.bits)
            let isSigned = type.encoding.contains(.signed)
            guard
                let integer = Self.integer(
                    size: Int(type.size), bits: bits, isSigned: isSigned, order: order,
                    bitOffset: place.bitOffset &+ (place.bitfieldSize > 0 ? 0 : Int(type.bitOffset)))
            else { return nil }
            let isBoolean = type.encoding.contains(.boolean)
            return Leaf(
                layout: isBoolean ? .boolean(integer) : .integer(integer),
                shape: isBoolean || integer.bitCount > 0 ? .other : .integer(size: integer.size, isSigned: isSigned),
                typeName: integer.bitCount > 0 ? "\(name) : \(integer.bitCount)" : name)
        case .enumeration(let type):
            guard
                let integer = Self.integer(
                    size: Int(type.size), bits: place.bitfieldSize > 0 ? place.bitfieldSize : Int(type.size) * 8,
                    isSigned: type.isSigned, order: order, bitOffset: place.bitOffset)
            else { return nil }
            let names = EnumerationNames(name: type.name, members: type.values.map { ($0.name, $0.value) })
            return Leaf(layout: .enumeration(integer, names), shape: .enumeration, typeName: name)
        case .float(let type):
            let integer = IntegerLayout(size: Int(type.size), isSigned: false, order: order)
            let isNative = type.size == 4 || type.size == 8
            return Leaf(
                layout: isNative ? .float(integer) : .bytes(count: Int(type.size)), shape: .other, typeName: name)
        case .pointer:
            let pointer = IntegerLayout(size: 8, isSigned: false, order: order)
            return Leaf(layout: .pointer(pointer), shape: .pointer, typeName: name)
        case .array(let type):
            return try array(type, place: place)
        case .structure(let type), .union(let type):
            return Leaf(
                layout: .structure(try elementColumns(type, named.isUnion, depth: place.depth)), shape: .other,
                typeName: name)
        default:
            return nil
        }
    }

    private static func integer(
        size: Int, bits: Int, isSigned: Bool, order: ByteOrder, bitOffset: Int
    ) -> IntegerLayout? {
        guard (1...128).contains(bits) else { return nil }
        if bits == size * 8, bitOffset & 7 == 0, [1, 2, 4, 8, 16].contains(size) {
            return IntegerLayout(size: size, isSigned: isSigned, order: order)
        }
        return IntegerLayout(bitOffset: bitOffset & 7, bitCount: bits, isSigned: isSigned, order: order)
    }

    private mutating func array(_ type: BTFArray, place: Place) throws(SchemaError) -> Leaf? {
        let element = try TypeChain(type.element, in: table)
        let count: Int? = type.count == 0 && place.isLast ? nil : Int(type.count)
        var inner = place
        inner.depth += 1
        inner.bitfieldSize = 0
        inner.bitOffset = 0
        inner.isLast = false
        guard let leaf = try layout(of: element, place: inner) else { return nil }
        let suffix = "[\(count.map(String.init) ?? "")]"
        // `char args[20][128]` reads from the outside in: the outer count comes first.
        let split = leaf.typeName.firstIndex(of: "[") ?? leaf.typeName.endIndex
        let typeName = leaf.typeName[..<split] + suffix + leaf.typeName[split...]
        var result = Leaf(layout: leaf.layout, shape: .other, typeName: String(typeName), isEmpty: count == 0)
        switch leaf.layout {
        case .integer(let integer) where integer.size == 1 && integer.bitCount == 0:
            let isCharacter = element.names.last == "char"
            result.layout = isCharacter ? .text(count: count) : .bytes(count: count)
            result.shape = isCharacter ? .characters(count: count) : .octets(count: count)
        default:
            if case .integer(let integer) = leaf.layout { result.shape = .integers(size: integer.size, count: count) }
            let stride: Int
            do throws(BTFError) {
                stride = try table.size(of: type.element)
            } catch {
                throw SchemaError(.invalidType, "the elements of an array have no size", cause: error)
            }
            guard stride > 0 else { return nil }
            let (total, overflow) = stride.multipliedReportingOverflow(by: count ?? 0)
            guard !overflow, max(stride, total) <= Self.maximumSize else {
                throw SchemaError(.tooComplex, "an array is larger than 1 GiB")
            }
            result.layout = .array(element: leaf.layout, stride: stride, count: count)
        }
        return result
    }

    /// The columns of a structure that is an array's element.
    private mutating func elementColumns(
        _ composite: BTFComposite, _ isUnion: Bool, depth: Int
    ) throws(SchemaError) -> [Column] {
        var inner = SchemaCompiler(table: table, rules: rules, meanings: [:])
        inner.budget = budget
        inner.visits = visits
        try inner.add(composite, isUnion, at: Place(components: [], bitOffset: 0, depth: depth + 1, isLast: false))
        budget = inner.budget
        visits = inner.visits
        Companions.connect(&inner.columns)
        return inner.columns
    }
}
