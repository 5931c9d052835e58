// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Diagnostics
import Linux

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

extension ObjectLoader {
    /// Tells what the kernel has against a signed program, when it is about the signature.
    func signatureError(_ error: LinuxError, _ program: ProgramSpec, _ context: [DiagnosticContext]) -> BPFError? {
        let current = KernelVersion.current
        switch error.errno {
        case .tooBig where current < "6.18":
            return BPFError(
                .notSupported, "signatures of programs need Linux 6.18, this is \(current)", context: context,
                cause: error)
        case .notSupported:
            return BPFError(
                .notSupported, "this kernel was built without CONFIG_SYSTEM_DATA_VERIFICATION, which checks signatures",
                context: context, cause: error)
        // ENOKEY, EKEYEXPIRED, EKEYREVOKED, EKEYREJECTED, EBADMSG, EINVAL
        case Errno(rawValue: 126), Errno(rawValue: 127), Errno(rawValue: 128), Errno(rawValue: 129),
            Errno(rawValue: 74):
            return BPFError(
                .refused, "the kernel does not accept the signature of the program \(program.name)", context: context,
                hint: "it must be a detached PKCS#7 message over exactly these instructions, by a key of the keyring",
                cause: error)
        default: return nil
        }
    }
}
