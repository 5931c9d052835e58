// SPDX-License-Identifier: Apache-2.0

/// Whose spelling of instructions to use; the assembler reads both.
public enum DisassemblyStyle: Sendable, Hashable, CaseIterable {
    /// As `llvm-objdump -d --no-print-imm-hex` prints: `r0 = *(u32 *)(r1 + 8)`, `goto +3`, `r1 = 5 ll`.
    ///
    /// Where LLVM hides a difference, such as the kind of a wide load or of a call, it is spelled out.
    case llvm
    /// As the kernel's verifier log prints, without the opcode in front: `r0 = *(u32 *)(r1 +8)`, `goto pc+3`.
    case kernel
}
