// SPDX-License-Identifier: Apache-2.0

import BTF

/// A step on the way from a type to a field that means something to a reader: a named member or an array index.
struct COREAccessor {
    /// The structure that has the member, the element's type, or the enumeration.
    let type: BTFTypeID
    /// The member's, element's or enumerator's index.
    let index: Int
    /// The member's or enumerator's name; `nil` for an array index.
    let name: String?
}

/// Where a field, an enumerator or a whole type is: `struct bpf_core_spec` of libbpf.
struct CORESpecification {
    /// At most this many steps, anonymous members included.
    static let maximumSteps = 64

    let types: CORETypes
    let root: BTFTypeID
    /// Named members and array indexes only; the first is the index of the root itself.
    var accessors: [COREAccessor] = []
    /// The number of all steps, anonymous members included.
    var steps = 0
    /// The field's distance from the root in bits.
    var bitOffset = 0

    init(types: CORETypes, root: BTFTypeID) {
        self.types = types
        self.root = root
    }

    /// Whether an array at the last accessor may be indexed past its end: it has no elements and ends its structure.
    func isFlexible(_ array: BTFArray) throws(CORERelocationError) -> Bool {
        guard array.count == 0, let last = accessors.last, last.name != nil,
            let composite = try types.type(last.type).composite
        else { return false }
        return last.index == composite.members.count - 1
    }

    mutating func add(bits: Int) throws(CORERelocationError) {
        let (sum, overflow) = bitOffset.addingReportingOverflow(bits)
        guard !overflow, sum >= 0, sum <= Int(UInt32.max) else {
            throw CORERelocationError(.outOfRange, "the field lies more than 512 MiB from the start of its type")
        }
        bitOffset = sum
    }

    mutating func add(elements: Int, of element: BTFTypeID) throws(CORERelocationError) {
        let size = try types.size(element)
        let (bytes, overflow) = elements.multipliedReportingOverflow(by: size)
        guard !overflow, bytes <= Int(UInt32.max) else {
            throw CORERelocationError(.outOfRange, "the array index is too large")
        }
        try add(bits: bytes * 8)
    }

    /// The field as C would write it, such as `task_struct.mm.total_vm`.
    func text(for kind: CORERelocationKind) -> String {
        var text = (try? types.table.name(root)) ?? ""
        if text.isEmpty { text = "(anonymous)" }
        guard !kind.isTypeBased else { return text }
        for (position, accessor) in accessors.enumerated() {
            if let name = accessor.name {
                text += kind.isEnumeratorBased ? "::\(name)" : ".\(name)"
            } else if position > 0 || accessor.index > 0 {
                text += "[\(accessor.index)]"
            }
        }
        return text
    }
}
