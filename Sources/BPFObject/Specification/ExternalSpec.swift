// SPDX-License-Identifier: Apache-2.0

public import BTF

/// A variable or function that an object expects the kernel to provide.
public struct ExternalSpec: Sendable {
    /// What provides it.
    public enum Kind: Sendable, Hashable {
        /// A value of the kernel's configuration, or of the loader (`LINUX_KERNEL_VERSION`, `LINUX_HAS_*`).
        case kernelConfiguration(offset: Int, size: Int)
        /// A variable of the kernel whose type is known to the object, or `void` when it is not.
        case kernelVariable
        /// A function of the kernel or of a module.
        case kernelFunction
    }

    /// The name.
    public var name: String
    /// What provides it.
    public var kind: Kind
    /// Its type in the object's BTF.
    public var type: BTFTypeID
    /// Whether the object works without it.
    public var isWeak: Bool
}
