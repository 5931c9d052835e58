// SPDX-License-Identifier: Apache-2.0

/// A signature of a program's instructions, which the kernel checks before it loads them.
///
/// - Note: Linux 6.18.
public struct ProgramSignature: Sendable, Hashable {
    /// The PKCS#7 message, in DER, without the signed data.
    public var bytes: [UInt8]
    /// The number of the keyring with the signer's certificate; 0 for the kernel's own trusted keys.
    public var keyring: Int32

    /// Makes a signature.
    public init(bytes: [UInt8], keyring: Int32 = 0) {
        self.bytes = bytes
        self.keyring = keyring
    }
}
