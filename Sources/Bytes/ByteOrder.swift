// SPDX-License-Identifier: Apache-2.0

/// The order in which the bytes of an integer are stored.
public enum ByteOrder: Sendable, Hashable {
    /// The least significant byte comes first (x86-64, arm64, riscv64, `bpfel`).
    case little
    /// The most significant byte comes first (s390x, network protocols, `bpfeb`).
    case big

    /// The byte order of the machine that this program runs on.
    @inlinable
    public static var host: ByteOrder {
        1.littleEndian == 1 ? .little : .big
    }
}
