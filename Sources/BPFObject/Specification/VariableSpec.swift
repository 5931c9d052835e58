// SPDX-License-Identifier: Apache-2.0

public import BTF

/// A global variable of an object.
public struct VariableSpec: Sendable {
    /// The name in the source; a static variable of a function is `function.name`.
    public var name: String
    /// The map that carries the variable's section.
    public var map: String
    /// Where the variable starts in its section, in bytes.
    public var offset: Int
    /// The size in bytes.
    public var size: Int
    /// The type in the object's BTF, or `nil` when the object has none.
    public var type: BTFTypeID?
    /// Who may change it.
    public var access: MapSpec.DataSection.Access
    /// Whether the variable is visible outside its source file.
    public var isGlobal: Bool
}
