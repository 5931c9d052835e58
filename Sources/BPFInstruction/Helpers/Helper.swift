// SPDX-License-Identifier: Apache-2.0

/// A helper function that the kernel offers to programs.
public struct Helper: Hashable, Sendable {
    /// The number in the call instruction.
    public let id: Int32
    /// The name in C, such as `bpf_map_lookup_elem`.
    public let name: String
    /// The first kernel release that has it.
    public let since: KernelRelease
    /// The type of the result in C.
    public let resultType: String
    /// The parameters in order.
    public let parameters: [HelperParameter]
    /// Whether it takes further arguments after its parameters.
    public let isVariadic: Bool

    /// The prototype in C, such as `void *bpf_map_lookup_elem(void *map, const void *key)`.
    public var prototype: String {
        var texts = parameters.map(\.declaration)
        if isVariadic { texts.append("...") }
        let list = texts.isEmpty ? "void" : texts.joined(separator: ", ")
        return resultType + (resultType.hasSuffix("*") ? "" : " ") + name + "(" + list + ")"
    }
}

/// One parameter of a helper.
public struct HelperParameter: Hashable, Sendable {
    /// The type in C, such as `const void *`.
    public let type: String
    /// The name.
    public let name: String

    /// The parameter as it is declared in C.
    public var declaration: String { type + (type.hasSuffix("*") ? "" : " ") + name }
}

/// A release of the upstream kernel.
public struct KernelRelease: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The first number.
    public let major: Int
    /// The second number.
    public let minor: Int

    /// Makes a release.
    public init(_ major: Int, _ minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// The release as it is written, such as `5.10`.
    public var description: String { "\(major).\(minor)" }

    /// Whether the left release came before the right one.
    public static func < (left: KernelRelease, right: KernelRelease) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }
}
