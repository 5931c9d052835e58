// SPDX-License-Identifier: Apache-2.0

import BPFInstruction
import BTF

/// Finds ports that programs pass on in network byte order, although the row declares a plain 16-bit integer.
///
/// Many tools copy `skc_dport` of a socket into a `__u16 dport` and leave the swap to their user space. Which kernel field
/// a program reads is in its relocations, and whether it swaps 16 bits is in its code.
struct NetworkPorts {
    /// Names of the kernel's fields that hold a port in network byte order.
    private static let remoteFields: Set<String> = ["skc_dport", "inet_dport", "ir_rmt_port"]
    private static let localFields: Set<String> = ["inet_sport"]
    /// Names of fields that hold a port as the machine counts.
    private static let hostFields: Set<String> = ["skc_num", "ir_num", "inet_num"]

    private static let remoteNames: Set<String> = ["dport", "rport", "dst_port", "dest_port", "remote_port"]
    private static let localNames: Set<String> = ["sport", "lport", "src_port", "source_port", "local_port", "port"]

    private var remoteIsRaw = false
    private var localIsRaw = false

    /// Whether some ports are in network byte order.
    var areRaw: Bool { remoteIsRaw || localIsRaw }

    init(_ spec: ObjectSpec) {
        guard let types = spec.types.map({ CORETypes($0) }) else { return }
        var fields: Set<String> = []
        var swaps = false
        for function in spec.functions.values {
            var own: Set<String> = []
            for relocation in function.coreRelocations where relocation.kind == .fieldByteOffset {
                guard let field = try? CORESpecification(parsing: relocation, types: types),
                    let name = field.accessors.last(where: { $0.name != nil })?.name
                else { continue }
                own.insert(name)
            }
            fields.formUnion(own)
            swaps = swaps || Self.swapsPorts(function)
        }
        // Another field of the name, as tracepoints have it, may be in either order.
        guard !swaps, fields.isDisjoint(with: Self.remoteNames.union(Self.localNames)) else { return }
        remoteIsRaw = !fields.isDisjoint(with: Self.remoteFields)
        localIsRaw = !fields.isDisjoint(with: Self.localFields) && fields.isDisjoint(with: Self.hostFields)
    }

    /// Whether a function swaps the bytes of a 16-bit value: `be16`, `le16` or `bswap16`.
    private static func swapsPorts(_ function: FunctionSpec) -> Bool {
        function.instructions.contains {
            ($0.opcode == 0xdc || $0.opcode == 0xd4 || $0.opcode == 0xd7) && $0.immediate == 16
        }
    }

    /// Gives the ports of a row their byte order.
    func mark(_ row: BTFTypeID, in builder: inout BTFBuilder) {
        guard case .structure(var composite) = builder[row] else { return }
        var marked = false
        for index in composite.members.indices {
            let member = composite.members[index]
            let isRaw =
                (remoteIsRaw && Self.remoteNames.contains(member.name))
                || (localIsRaw && Self.localNames.contains(member.name))
            guard isRaw, member.bitfieldSize == 0, Self.isPlain(member.type, in: builder) else { continue }
            composite.members[index].type = builder.add(
                .typedef(BTFNamedReference(name: "__be16", type: member.type)))
            marked = true
        }
        if marked { builder[row] = .structure(composite) }
    }

    /// Whether a type is a 16-bit integer whose name says nothing about its byte order.
    private static func isPlain(_ type: BTFTypeID, in builder: BTFBuilder) -> Bool {
        var id = type
        for _ in 0..<16 {
            switch builder[id] {
            case .integer(let integer): return integer.size == 2
            case .typedef(let reference):
                if reference.name.hasPrefix("__be") || reference.name.hasPrefix("__le") { return false }
                id = reference.type
            case .const(let inner), .volatile(let inner): id = inner
            default: return false
            }
        }
        return false
    }
}
