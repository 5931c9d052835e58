// SPDX-License-Identifier: Apache-2.0

import Bytes
import Diagnostics
import Synchronization

extension BTFTable {
    /// How many references in a row are followed before they count as a cycle; the kernel allows 32.
    static let maximumDepth = 64

    /// The type that bytes 8 to 11 of a record refer to.
    private func reference(_ id: BTFTypeID) -> BTFTypeID? {
        guard let owner = owner(of: id) else { return nil }
        return owner.word(at: owner.byteOffset(ofOwn: id) + 8).map { BTFTypeID($0) }
    }

    /// Follows typedefs, `const`, `volatile`, `restrict` and type tags to the type they stand for.
    ///
    /// - Throws: ``BTFError`` when an id is past the end or the references form a cycle.
    public func resolve(_ id: BTFTypeID) throws(BTFError) -> BTFTypeID {
        var current = id
        for _ in 0..<BTFTable.maximumDepth {
            guard current.rawValue < typeCount else { throw .unknownType(current, count: typeCount) }
            guard let kind = kind(current), kind.isTransparent, let next = reference(current) else { return current }
            current = next
        }
        throw .tooDeep(id)
    }

    /// The size of a type in bytes; typedefs, qualifiers, tags and variables have the size of what they stand for.
    ///
    /// `void` has size 0.
    ///
    /// - Throws: ``BTFError`` for functions and forward declarations, which have no size, for cycles, and for arrays
    ///   larger than 2 GiB.
    public func size(of id: BTFTypeID) throws(BTFError) -> Int {
        var current = id
        var elements = 1
        for _ in 0..<BTFTable.maximumDepth {
            guard current.rawValue < typeCount else { throw .unknownType(current, count: typeCount) }
            guard let kind = kind(current), let next = reference(current) else { return 0 }
            switch kind {
            case .typedef, .volatile, .const, .restrict, .typeTag, .variable, .declarationTag:
                current = next
            case .array:
                guard case .array(let array) = try type(current) else { throw .unknownType(current, count: typeCount) }
                elements = try BTFTable.multiply(elements, Int(array.count), id)
                current = array.element
            case .pointer:
                return try BTFTable.multiply(elements, pointerSize, id)
            case .integer, .structure, .union, .enumeration, .enumeration64, .float, .dataSection:
                return try BTFTable.multiply(elements, Int(next.rawValue), id)
            case .forward, .function, .functionPrototype:
                throw BTFError(
                    .wrongKind, "a type of kind \(kind.kernelName) has no size",
                    context: [DiagnosticContext("type", current.rawValue)])
            }
        }
        throw .tooDeep(id)
    }

    private static func multiply(_ left: Int, _ right: Int, _ id: BTFTypeID) throws(BTFError) -> Int {
        let (product, overflow) = left.multipliedReportingOverflow(by: right)
        guard !overflow, product <= Int(Int32.max) * 2 else {
            throw BTFError(.tooLarge, "the type is too large", context: [DiagnosticContext("type", id.rawValue)])
        }
        return product
    }

    /// The size of a pointer in bytes: that of `long` where the table has such a type, else 8.
    public var pointerSize: Int {
        if let base { return base.pointerSize }
        let known = pointerSizeCache.load(ordering: .relaxed)
        if known != 0 { return known }
        let spellings: Set = ["long", "long int", "int long", "unsigned long", "long unsigned int"]
        var size = 8
        for id in ownTypeIDs where kind(id) == .integer {
            guard let name = try? name(id), spellings.contains(name), let found = reference(id)?.rawValue else {
                continue
            }
            if found == 4 || found == 8 { size = Int(found) }
            break
        }
        pointerSizeCache.store(size, ordering: .relaxed)
        return size
    }
}
