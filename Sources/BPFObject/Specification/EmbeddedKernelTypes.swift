// SPDX-License-Identifier: Apache-2.0

public import Bytes

/// Types of kernels that an object brings along for those that show none: its section `.BTF.kernels`.
///
/// The section is a row of records: the bytes `SKMB`, the length of the name and of the types (32 bits each, in the object's
/// byte order), the name `RELEASE/ARCH`, the types as BTF, and zeros up to the next multiple of 8.
public struct EmbeddedKernelTypes: Sendable {
    /// The section's bytes.
    public let bytes: OwnedBytes
    private let order: ByteOrder

    /// The section's name.
    public static let sectionName = ".BTF.kernels"

    /// The first word of a record, as bytes.
    static let magic: [UInt8] = Array("SKMB".utf8)

    /// More records than any archive has; a bound for damaged ones.
    private static let maximumRecords = 1 << 16

    /// Takes the contents of a section.
    public init(_ bytes: OwnedBytes, order: ByteOrder) {
        self.bytes = bytes
        self.order = order
    }

    /// The kernels, as `RELEASE/ARCH`.
    public var names: [String] {
        var names: [String] = []
        forEach { name, _ in
            names.append(name)
            return true
        }
        return names
    }

    /// The types of a kernel.
    ///
    /// - Parameters:
    ///   - release: the exact release as uname(2) says it.
    ///   - architecture: the machine, such as `x86_64`.
    public func types(release: String, architecture: String) -> OwnedBytes? {
        var found: OwnedBytes?
        forEach { name, types in
            guard name == "\(release)/\(architecture)" else { return true }
            found = types
            return false
        }
        return found
    }

    /// Walks the records; what is damaged ends the walk.
    private func forEach(_ body: (String, OwnedBytes) -> Bool) {
        var offset = 0
        for _ in 0..<Self.maximumRecords {
            guard bytes.span.bytes(at: offset, count: 4) == Self.magic,
                let nameLength = bytes.span.integer(at: offset + 4, as: UInt32.self, order: order),
                let size = bytes.span.integer(at: offset + 8, as: UInt32.self, order: order),
                let name = bytes.span.string(at: offset + 12, count: Int(nameLength)),
                let types = bytes.slice(offset: offset + 12 + Int(nameLength), count: Int(size))
            else { return }
            guard body(name, types) else { return }
            offset = (offset + 12 + Int(nameLength) + Int(size) + 7) / 8 * 8
        }
    }
}
