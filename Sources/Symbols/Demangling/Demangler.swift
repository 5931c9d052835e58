// SPDX-License-Identifier: Apache-2.0

/// Turns linker names back into names of the source.
///
/// Swift names are demangled by Swift's run-time library, in its simplified form. C++ and older Rust names become their
/// qualified name without parameters, such as `std::vector<int>::push_back`; names with parts that are rare, newer Rust
/// names and D's stay as they are.
public enum Demangler {
    /// Longer names stay as they are: demanglers go deeper with every character.
    private static let longest = 2048

    /// The name in the source, or the name itself when it is not mangled or not understood.
    public static func demangle(_ name: String) -> String {
        guard name.utf8.count <= longest else { return name }
        if name.hasPrefix("_Z") || name.hasPrefix("__Z") {
            var parser = ItaniumName(name)
            return parser.demangle() ?? name
        }
        if name.hasPrefix("$s") || name.hasPrefix("_$s") || name.hasPrefix("$S") || name.hasPrefix("_$S")
            || name.hasPrefix("$e") || name.hasPrefix("_$e")
        {
            return SwiftName.demangle(name) ?? name
        }
        return name
    }
}
