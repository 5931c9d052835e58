// SPDX-License-Identifier: Apache-2.0

/// Understands the location expressions that compilers write for simple variables (DWARF 5 section 2.6).
struct LocationExpression {
    /// The register that addresses relative to the frame start from; `nil` when it is computed.
    let frameRegister: Int?
    let tree: EntryTree
    let unit: Unit

    /// The place that an expression describes.
    ///
    /// - Throws: ``DWARFError`` when the expression is cut short.
    func location(_ start: Cursor) throws(DWARFError) -> DWARFLocation {
        var cursor = start
        let first = try piece(&cursor)
        guard let size = first.size else { return cursor.isAtEnd ? first.location : .complex }
        // Pieces: what matters is whether those in memory are where they would be in the whole variable.
        var found: DWARFLocation?
        var position = size
        var location = first.location
        var start: UInt64 = 0
        while true {
            if case .memory(let register, let offset) = location {
                let whole = DWARFLocation.partlyInMemory(
                    register: register, offset: offset &- Int64(truncatingIfNeeded: start))
                if let found, found != whole { return .complex }
                found = whole
            }
            if cursor.isAtEnd { return found ?? .complex }
            let next = try piece(&cursor)
            guard let size = next.size else { return .complex }
            location = next.location
            start = position
            position = position &+ size
        }
    }

    /// One simple place, with the number of bytes when it is one of several pieces.
    private func piece(_ cursor: inout Cursor) throws(DWARFError) -> (location: DWARFLocation, size: UInt64?) {
        if !cursor.isAtEnd, try cursor.peek() == 0x93 {
            // A piece without place was optimised away.
            _ = try cursor.read(UInt8.self)
            return (.unavailable, try cursor.unsignedLEB())
        }
        let location = try simple(&cursor)
        if cursor.isAtEnd { return (location, nil) }
        guard try cursor.read(UInt8.self) == 0x93 else { return (.complex, nil) }
        return (location, try cursor.unsignedLEB())
    }

    private func simple(_ cursor: inout Cursor) throws(DWARFError) -> DWARFLocation {
        if cursor.isAtEnd { return .unavailable }
        let operation = try cursor.read(UInt8.self)
        let found: DWARFLocation
        switch operation {
        case 0x03: found = .address(try cursor.address(size: unit.encoding.addressSize))
        case 0xa1: found = .address(try tree.address(at: try cursor.unsignedLEB(), in: unit))
        case 0x50...0x6f: found = .register(Int(operation) - 0x50)
        case 0x90: found = .register(Int(truncatingIfNeeded: try cursor.unsignedLEB()))
        case 0x70...0x8f: found = .memory(register: Int(operation) - 0x70, offset: try cursor.signedLEB())
        case 0x92:
            let register = Int(truncatingIfNeeded: try cursor.unsignedLEB())
            found = .memory(register: register, offset: try cursor.signedLEB())
        case 0x91:
            let offset = try cursor.signedLEB()
            found = frameRegister.map { .memory(register: $0, offset: offset) } ?? .complex
        case 0x30...0x4f: found = .constant(UInt64(operation) - 0x30)
        case 0x08, 0x0a, 0x0c, 0x0e:
            found = .constant(try cursor.unsigned(size: 1 << ((Int(operation) - 0x08) >> 1)))
        case 0x09: found = .constant(UInt64(bitPattern: Int64(try cursor.read(Int8.self))))
        case 0x0b: found = .constant(UInt64(bitPattern: Int64(try cursor.read(Int16.self))))
        case 0x0d: found = .constant(UInt64(bitPattern: Int64(try cursor.read(Int32.self))))
        case 0x0f: found = .constant(UInt64(bitPattern: try cursor.read(Int64.self)))
        case 0x10: found = .constant(try cursor.unsignedLEB())
        case 0x11: found = .constant(UInt64(bitPattern: try cursor.signedLEB()))
        default: return .complex
        }
        return try complete(found, &cursor)
    }

    /// Takes what follows the first operation: nothing, an offset, or that the value is on the stack of the expression.
    private func complete(_ first: DWARFLocation, _ cursor: inout Cursor) throws(DWARFError) -> DWARFLocation {
        var location = first
        while !cursor.isAtEnd, try cursor.peek() != 0x93 {
            switch try cursor.read(UInt8.self) {
            case 0x23:
                let more = try cursor.unsignedLEB()
                switch location {
                case .memory(let register, let offset):
                    location = .memory(register: register, offset: offset &+ Int64(truncatingIfNeeded: more))
                case .address(let address): location = .address(address.advanced(by: more))
                case .constant(let value): location = .constant(value &+ more)
                default: return .complex
                }
            case 0x9f:
                switch location {
                case .memory(let register, let offset): return .registerValue(register, offset: offset)
                case .constant: return location
                default: return .complex
                }
            default: return .complex
            }
        }
        // A constant without DW_OP_stack_value is an address.
        if case .constant(let value) = location { return .address(DWARFAddress(section: nil, value: value)) }
        return location
    }
}
