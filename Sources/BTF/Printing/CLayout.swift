// SPDX-License-Identifier: Apache-2.0

/// How a structure or union must be written for a compiler to lay it out as the table says.
struct CLayout {
    /// Something between the braces.
    enum Item {
        /// A member, by index, with its width when it is a bit field.
        case member(Int, width: Int?)
        /// Unused bits, at most 64, written as a bit field without a name.
        case padding(bits: Int)
        /// Unused bytes from an offset, too many for bit fields.
        case gap(offset: Int, bytes: Int)
    }

    var items: [Item] = []
    var isPacked = false
    /// The alignment of an attribute, where members alone do not give enough.
    var explicitAlignment: Int?
    /// The alignment in bytes that the written type has.
    var alignment = 1
}

/// Works out layouts.
struct CLayouts {
    private let types: DecodedTypes
    private var known: [BTFTypeID: CLayout] = [:]
    private static let maximumDepth = 64
    /// A gap of more bytes is written as an array.
    private static let largestPadding = 512

    init(_ types: DecodedTypes) { self.types = types }

    private struct Field {
        let index: Int
        let offset: Int
        let bits: Int
        /// The bits of the storage, for a bit field.
        let storage: Int?
        let alignment: Int
    }

    mutating func layout(
        _ id: BTFTypeID, _ composite: BTFComposite, isUnion: Bool, depth: Int = 0
    ) throws(BTFError) -> CLayout {
        if let known = known[id] { return known }
        var fields: [Field] = []
        for (index, member) in composite.members.enumerated() {
            fields.append(try field(index, member, depth: depth))
        }
        let layout = isUnion ? union(fields, composite) : structure(fields, composite)
        known[id] = layout
        return layout
    }

    private mutating func field(_ index: Int, _ member: BTFMember, depth: Int) throws(BTFError) -> Field {
        let type = try types.resolved(member.type)
        let size = (try? types.table.size(of: member.type)) ?? 0
        let alignment = try alignment(member.type, depth: depth + 1)
        if member.bitfieldSize > 0 {
            return Field(
                index: index, offset: Int(member.bitOffset), bits: Int(member.bitfieldSize), storage: size * 8,
                alignment: alignment)
        }
        // Before the kind flag, bit fields were integers of their own with fewer bits than their bytes have.
        if case .integer(let integer) = type, integer.bits > 0,
            Int(integer.bits) < size * 8 || integer.bitOffset > 0
        {
            return Field(
                index: index, offset: Int(member.bitOffset) + Int(integer.bitOffset), bits: Int(integer.bits),
                storage: size * 8, alignment: alignment)
        }
        return Field(
            index: index, offset: Int(member.bitOffset), bits: size * 8, storage: nil, alignment: alignment)
    }

    private mutating func alignment(_ id: BTFTypeID, depth: Int) throws(BTFError) -> Int {
        guard depth < CLayouts.maximumDepth else { throw .tooDeep(id) }
        let resolved = try types.table.resolve(id)
        switch try types.type(resolved) {
        case .integer(let integer): return CLayouts.natural(integer.size)
        case .float(let float): return CLayouts.natural(float.size)
        case .enumeration(let enumeration): return CLayouts.natural(enumeration.size)
        case .pointer: return 8
        case .array(let array): return try alignment(array.element, depth: depth + 1)
        case .structure(let composite):
            return try layout(resolved, composite, isUnion: false, depth: depth).alignment
        case .union(let composite): return try layout(resolved, composite, isUnion: true, depth: depth).alignment
        default: return 1
        }
    }

    private static func natural(_ size: UInt32) -> Int {
        switch size {
        case 2, 4, 8, 16: Int(size)
        default: 1
        }
    }

    private static func rounded(_ value: Int, to multiple: Int) -> Int {
        (value + multiple - 1) / multiple * multiple
    }

    private func union(_ fields: [Field], _ composite: BTFComposite) -> CLayout {
        var layout = CLayout()
        layout.items = fields.map { .member($0.index, width: $0.storage == nil ? nil : $0.bits) }
        let size = Int(composite.size)
        let largest = fields.map { ($0.bits + 7) / 8 }.max() ?? 0
        let alignment = fields.map(\.alignment).max() ?? 1
        layout.alignment = alignment
        if CLayouts.rounded(largest, to: alignment) > size {
            layout.isPacked = true
            layout.alignment = 1
        }
        if CLayouts.rounded(largest, to: layout.alignment) < size {
            var wanted = max(layout.alignment, 1)
            while wanted < 4096, CLayouts.rounded(largest, to: wanted) < size { wanted *= 2 }
            if largest > 0, CLayouts.rounded(largest, to: wanted) == size {
                layout.explicitAlignment = wanted
                layout.alignment = wanted
            } else {
                layout.items.append(.gap(offset: 0, bytes: size))
            }
        }
        return layout
    }

    private func structure(_ fields: [Field], _ composite: BTFComposite) -> CLayout {
        var layout = CLayout()
        let alignment = fields.map(\.alignment).max() ?? 1
        let size = Int(composite.size) * 8
        layout.isPacked =
            Int(composite.size) % alignment != 0
            || fields.contains { field in
                if let storage = field.storage { return storage == 0 || field.offset % storage + field.bits > storage }
                return field.offset % (field.alignment * 8) != 0
            }
        layout.alignment = layout.isPacked ? 1 : alignment
        var position = 0
        for field in fields {
            if CLayouts.place(field, after: position, isPacked: layout.isPacked) != field.offset {
                CLayouts.pad(from: position, to: field.offset, &layout.items)
            }
            layout.items.append(.member(field.index, width: field.storage == nil ? nil : field.bits))
            position = field.offset + field.bits
        }
        if CLayouts.rounded(position, to: layout.alignment * 8) != size {
            CLayouts.pad(from: position, to: size, &layout.items)
        }
        return layout
    }

    /// Where a compiler puts a field that follows the given bit.
    private static func place(_ field: Field, after position: Int, isPacked: Bool) -> Int {
        guard let storage = field.storage, storage > 0 else {
            return rounded(position, to: isPacked ? 8 : field.alignment * 8)
        }
        if isPacked || position % storage + field.bits <= storage { return position }
        return rounded(position, to: storage)
    }

    private static func pad(from start: Int, to end: Int, _ items: inout [CLayout.Item]) {
        var position = start
        guard position < end else { return }
        if end - position > largestPadding * 8 {
            let byte = rounded(position, to: 8)
            if byte > position { items.append(.padding(bits: byte - position)) }
            items.append(.gap(offset: byte / 8, bytes: (end - byte) / 8))
            position = byte + (end - byte) / 8 * 8
        }
        while position < end {
            // A bit field must not cross a boundary of its type, or the compiler moves it.
            let bits = min(64 - position % 64, end - position)
            items.append(.padding(bits: bits))
            position += bits
        }
    }
}
