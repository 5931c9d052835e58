// SPDX-License-Identifier: Apache-2.0

import BTF

/// What is to become of one instruction: `struct bpf_core_relo_res` of libbpf.
struct COREResolution {
    let local: UInt64
    /// The new value; `nil` poisons the instruction.
    let target: UInt64?
    let isValidated: Bool
    let localSize: Int
    let targetSize: Int
    /// Whether a load or store cannot be resized without reading a wrong value.
    let refusesResizing: Bool
    /// The same values with the upper half filled by the sign of the lower: how compilers that do not record whether an
    /// enumeration is signed store its negative values.
    let signExtended: (local: UInt64, target: UInt64)?

    init(
        local specification: CORESpecification, target: CORESpecification?, kind: CORERelocationKind
    ) throws(CORERelocationError) {
        let localValue = try COREValue(specification, kind: kind)
        let targetValue = try COREValue(target, kind: kind)
        local = localValue.value ?? 0
        self.target = targetValue.value
        isValidated = localValue.isValidated
        localSize = localValue.fieldSize
        targetSize = targetValue.fieldSize
        refusesResizing =
            targetValue.value != nil && localSize != targetSize
            && !COREResolution.canResize(localValue.fieldType, targetValue.fieldType)
        if localValue.isUnsigned32, targetValue.isUnsigned32, let value = targetValue.value {
            signExtended = (COREResolution.extended(local), COREResolution.extended(value))
        } else {
            signExtended = nil
        }
    }

    /// Pointers and unsigned integers keep their value when a load of another width fills up with zeros; nothing else
    /// does.
    private static func canResize(_ local: BTFType, _ target: BTFType) -> Bool {
        switch (local, target) {
        case (.pointer, .pointer): true
        case (.integer(let left), .integer(let right)): left.encoding != .signed && right.encoding != .signed
        default: false
        }
    }

    private static func extended(_ value: UInt64) -> UInt64 {
        UInt64(bitPattern: Int64(Int32(truncatingIfNeeded: value)))
    }
}
