// SPDX-License-Identifier: Apache-2.0

public import Bytes

/// What clang made of a source.
public struct CompiledObject: Sendable {
    /// The ELF object.
    public let bytes: OwnedBytes
    /// Clang's warnings, unchanged; empty when there are none.
    public let warnings: String
    /// The command that ran, the program first.
    public let command: [String]
    /// Whether the source includes the running kernel's types.
    public let usesKernelHeader: Bool
}
