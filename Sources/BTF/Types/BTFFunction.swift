// SPDX-License-Identifier: Apache-2.0

/// Who can see a function or variable.
public enum BTFLinkage: UInt32, Hashable, Sendable {
    /// Its own file.
    case `static` = 0
    /// Every file.
    case global = 1
    /// It is defined elsewhere: in the kernel, or in another object.
    case extern = 2
}

/// A function with a name: ``BTF_KIND_FUNC``.
public struct BTFFunction: Hashable, Sendable {
    /// The name.
    public var name: String
    /// The id of its ``BTFFunctionPrototype``.
    public var prototype: BTFTypeID
    /// Who can see it.
    public var linkage: BTFLinkage

    /// Makes a function.
    public init(name: String, prototype: BTFTypeID, linkage: BTFLinkage = .global) {
        self.name = name
        self.prototype = prototype
        self.linkage = linkage
    }
}

/// The parameters and the result of a function: ``BTF_KIND_FUNC_PROTO``.
public struct BTFFunctionPrototype: Hashable, Sendable {
    /// The type of the result.
    public var result: BTFTypeID
    /// The parameters. A variadic function ends with one that has no name and the type `void`.
    public var parameters: [BTFParameter]

    /// Makes a prototype.
    public init(result: BTFTypeID, parameters: [BTFParameter]) {
        self.result = result
        self.parameters = parameters
    }

    /// Whether the function takes further arguments (`...`).
    public var isVariadic: Bool {
        parameters.last.map { $0.name.isEmpty && $0.type == .void } ?? false
    }
}

/// A parameter of a function.
public struct BTFParameter: Hashable, Sendable {
    /// The name; often empty in pointers to functions.
    public var name: String
    /// The type.
    public var type: BTFTypeID

    /// Makes a parameter.
    public init(name: String, type: BTFTypeID) {
        self.name = name
        self.type = type
    }
}
