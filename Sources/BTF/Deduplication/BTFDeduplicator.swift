// SPDX-License-Identifier: Apache-2.0

public import Bytes

/// Puts types of several tables together and leaves one of each.
///
/// The result is that of libbpf's `btf__dedup` and so of pahole: structures and unions are the same when the graphs of types
/// that they reach are, cycles included; a forward declaration becomes the type that it declares when only one can be meant;
/// names with different flavours are different types. Variables and data sections are never joined.
///
/// ```swift
/// var deduplicator = try BTFDeduplicator(order: .little)
/// for table in tables { try deduplicator.add(table) }
/// let result = try deduplicator.deduplicate()
/// let types = try BTFTable(OwnedBytes(result.bytes))
/// ```
public struct BTFDeduplicator: Sendable {
    private var graph: TypeGraph

    /// Starts without types.
    ///
    /// - Parameters:
    ///   - order: the byte order of all tables.
    ///   - base: for split type information, the table that the result continues; what it has already is left out.
    /// - Throws: ``BTFError`` when a type of the base is damaged.
    public init(order: ByteOrder = .host, base: BTFTable? = nil) throws(BTFError) {
        graph = try TypeGraph(order: base?.order ?? order, base: base)
    }

    /// Adds a table's own types behind those that were added before.
    ///
    /// - Parameter table: a table without a base, or with the one that this value was made with.
    /// - Throws: ``BTFError`` when a type refers to a type or string that does not exist, when the byte orders differ, and
    ///   when the table has another base.
    public mutating func add(_ table: BTFTable) throws(BTFError) {
        guard table.base == nil || table.base === graph.base else {
            throw BTFError(.wrongKind, "the types continue another table than the one they are put together on")
        }
        try graph.append(table)
    }

    /// Leaves one of each type.
    ///
    /// - Throws: ``BTFError/Code/tooDeep`` when references form a cycle without a structure in it, or when the types are
    ///   made to take forever.
    /// - Complexity: near O(size of the types) for those that compilers write.
    public func deduplicate() throws(BTFError) -> BTFDeduplication {
        var pass = DeduplicationPass(graph)
        try pass.joinPrimitives()
        try pass.joinComposites()
        pass.resolveForwards()
        try pass.joinReferences()
        return try pass.compact()
    }
}

/// Types of which there is one of each, and where each of the old ones went.
public struct BTFDeduplication: Sendable {
    /// The contents of a `.BTF` section.
    public let bytes: [UInt8]
    /// The new id of each type that was added, in the order in which they were added.
    public let identifiers: [BTFTypeID]
}
