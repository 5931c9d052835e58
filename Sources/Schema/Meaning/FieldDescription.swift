// SPDX-License-Identifier: Apache-2.0

/// What the rules of ``MeaningRules`` know about a field.
public struct FieldDescription: Sendable {
    /// The shape of a field's type.
    public enum Shape: Hashable, Sendable {
        /// An integer of some bytes.
        case integer(size: Int, isSigned: Bool)
        /// A C enumeration.
        case enumeration
        /// A pointer.
        case pointer
        /// An array of `char`; `nil`: of no declared length.
        case characters(count: Int?)
        /// An array of other bytes; `nil`: of no declared length.
        case octets(count: Int?)
        /// An array of integers of 2, 4 or 8 bytes; `nil`: of no declared length.
        case integers(size: Int, count: Int?)
        /// Anything else.
        case other
    }

    /// The field's name in the source.
    public var name: String
    /// The names of its type from the outside in: `__be32`, `__u32`, `unsigned int`; of an array those of its elements.
    public var typeNames: [String]
    /// The type's shape.
    public var shape: Shape
    /// The name of the structure that holds the field, empty when it has none.
    public var owner: String
    /// The names of all fields of that structure.
    public var siblings: [String]

    /// Describes a field.
    public init(name: String, typeNames: [String], shape: Shape, owner: String = "", siblings: [String] = []) {
        self.name = name
        self.typeNames = typeNames
        self.shape = shape
        self.owner = owner
        self.siblings = siblings
    }
}
