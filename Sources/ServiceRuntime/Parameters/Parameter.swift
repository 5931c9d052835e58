// SPDX-License-Identifier: Apache-2.0

public import BPFObject
public import BTF

/// A value that is set before a service is loaded: a `const volatile` global, shown as a flag.
public struct Parameter: Sendable {
    /// The variable.
    public let variable: VariableSpec
    /// The flag's name without dashes, such as `min-duration-ns`.
    public let flag: String
    /// The C type's name, such as `unsigned int` or `bool`.
    public let typeName: String
    /// Whether the type is a boolean, so that the flag needs no value.
    public let isBoolean: Bool
    /// The comment above the variable's declaration, where it is known.
    public let help: String?

    /// The parameters of an object, in the order of their declaration.
    ///
    /// Constants that the compiler made, and those of functions, are not parameters.
    public static func all(of spec: ObjectSpec) -> [Parameter] {
        guard let types = spec.types else { return [] }
        let help = Annotations(types).help
        return spec.variables.compactMap { variable in
            guard variable.access == .readOnly, variable.isGlobal, !variable.name.hasPrefix("__"),
                let type = variable.type, isSettable(type, types)
            else { return nil }
            let resolved = (try? types.resolve(type)).flatMap { try? types.type($0) }
            var isBoolean = false
            if case .integer(let integer)? = resolved { isBoolean = integer.encoding.contains(.boolean) }
            return Parameter(
                variable: variable, flag: variable.name.split(separator: "_").joined(separator: "-"),
                typeName: TypeName.describe(type, in: types), isBoolean: isBoolean, help: help[variable.name])
        }
    }

    /// `const volatile` is what makes a constant settable; a plain `const` was compiled into the code.
    private static func isSettable(_ id: BTFTypeID, _ types: BTFTable) -> Bool {
        var id = id
        for _ in 0..<16 {
            switch try? types.type(id) {
            case .volatile: return true
            case .const(let target), .restrict(let target): id = target
            case .array(let array): id = array.element
            default: return false
            }
        }
        return false
    }
}
