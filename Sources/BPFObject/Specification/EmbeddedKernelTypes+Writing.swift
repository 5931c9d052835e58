// SPDX-License-Identifier: Apache-2.0

public import Bytes
import ELF

extension EmbeddedKernelTypes {
    /// Types of one kernel that are put into an archive.
    public struct Kernel: Sendable {
        /// The exact release as uname(2) says it.
        public let release: String
        /// The machine, such as `x86_64`.
        public let architecture: String
        /// The types, as BTF.
        public let types: [UInt8]

        /// Describes a kernel.
        public init(release: String, architecture: String, types: [UInt8]) {
            self.release = release
            self.architecture = architecture
            self.types = types
        }
    }

    /// The section's bytes for some kernels.
    ///
    /// - Throws: ``ObjectError`` when the archive would exceed 2 GiB.
    public static func archive(_ kernels: [Kernel], order: ByteOrder) throws(ObjectError) -> [UInt8] {
        var bytes: [UInt8] = []
        for kernel in kernels {
            let name = Array("\(kernel.release)/\(kernel.architecture)".utf8)
            guard bytes.count + name.count + kernel.types.count < Int(Int32.max) - 64 else {
                throw ObjectError(.unsupported, "the types of all kernels together are larger than 2 GiB")
            }
            bytes += magic
            bytes.append(UInt32(truncatingIfNeeded: name.count), order: order)
            bytes.append(UInt32(truncatingIfNeeded: kernel.types.count), order: order)
            bytes += name
            bytes += kernel.types
            while bytes.count % 8 != 0 { bytes.append(0) }
        }
        return bytes
    }

    /// An object with the types of some kernels in its section `.BTF.kernels`; those that it had are replaced.
    ///
    /// - Throws: ``ObjectError`` when the object cannot be read or written.
    public static func embed(_ kernels: [Kernel], in object: OwnedBytes) throws(ObjectError) -> [UInt8] {
        do {
            let file = try ELFFile(object)
            try file.requireBPFObject()
            var rewriter = try ELFRewriter(file)
            rewriter.drop { $0.name == sectionName }
            rewriter.add(
                sectionNamed: sectionName, contents: try archive(kernels, order: file.order), alignment: 8)
            return try rewriter.encode()
        } catch let error as ObjectError {
            throw error
        } catch {
            throw ObjectError(.malformed, "the types cannot be put into the object", cause: error)
        }
    }
}
