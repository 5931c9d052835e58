// SPDX-License-Identifier: Apache-2.0

/// One relocation (`Elf64_Rel` or `Elf64_Rela`).
public struct ELFRelocation: Sendable, Hashable {
    /// The byte offset in the section that is patched.
    public let offset: UInt64
    /// The machine's relocation type, such as 1 for `R_BPF_64_64`.
    public let type: UInt32
    /// The index in the static symbol table.
    public let symbolIndex: Int
    /// The addend; `nil` when it is in the bytes to be patched, as always for BPF.
    public let addend: Int64?
}
