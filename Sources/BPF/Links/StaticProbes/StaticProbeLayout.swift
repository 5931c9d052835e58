// SPDX-License-Identifier: Apache-2.0

import BTF
import Bytes

/// How an object wants to be told where a probe's values are: the layout of its `struct __bpf_usdt_spec`.
///
/// The struct is declared by the header that the object was compiled with and changed over time, so it is taken from the
/// object's types, by the names of its members.
struct StaticProbeLayout: Hashable {
    /// The size of the struct in bytes.
    let size: Int
    private let arguments: Field
    private let stride: Int
    /// How many values fit.
    let capacity: Int
    private let cookie: Field
    private let count: Field
    private let members: [String: Field]

    /// Whether memory at two registers can be told (libbpf 1.7).
    var takesIndexed: Bool { members["idx_reg_off"] != nil && members["scale_bitshift"] != nil }

    /// A member: where it is and how wide, in bits.
    private struct Field: Hashable {
        var offset: Int
        var width: Int
    }

    /// Reads the layout from the value type of the map `__bpf_usdt_specs`.
    init?(_ types: BTFTable, _ type: BTFTypeID) {
        guard let outer = Self.structure(types, type), let array = outer["args"], let cookie = outer["usdt_cookie"],
            let count = outer["arg_cnt"], let resolved = try? types.resolve(array.type),
            case .array(let list)? = try? types.type(resolved), let inner = Self.structure(types, list.element),
            let size = try? types.size(of: type), let stride = try? types.size(of: list.element),
            ["val_off", "arg_type", "reg_off", "arg_signed", "arg_bitshift"].allSatisfy({ inner[$0] != nil }),
            size > 0, size <= 4096, stride > 0, list.count <= 64
        else { return nil }
        self.size = size
        self.stride = stride
        capacity = Int(list.count)
        arguments = array.field
        self.cookie = cookie.field
        self.count = count.field
        members = inner.mapValues(\.field)
    }

    private static func structure(
        _ types: BTFTable, _ type: BTFTypeID
    ) -> [String: (field: Field, type: BTFTypeID)]? {
        guard let resolved = try? types.resolve(type), case .structure(let composite)? = try? types.type(resolved)
        else { return nil }
        var members: [String: (field: Field, type: BTFTypeID)] = [:]
        for member in composite.members {
            let width =
                member.bitfieldSize > 0 ? Int(member.bitfieldSize) : ((try? types.size(of: member.type)) ?? 0) * 8
            members[member.name] = (Field(offset: Int(member.bitOffset), width: width), member.type)
        }
        return members
    }

    /// The struct's bytes for a probe, in the machine's byte order.
    ///
    /// - Returns: `nil` when the struct cannot tell one of the values.
    func encode(_ values: [StaticProbeArgument], cookie number: UInt64) -> [UInt8]? {
        guard values.count <= capacity else { return nil }
        var bytes = [UInt8](repeating: 0, count: size)
        set(cookie, number, at: 0, &bytes)
        set(count, UInt64(values.count), at: 0, &bytes)
        for (index, value) in values.enumerated() {
            let base = arguments.offset + index * stride * 8
            func put(_ name: String, _ number: UInt64) {
                if let field = members[name] { set(field, number, at: base, &bytes) }
            }
            put("arg_signed", value.isSigned ? 1 : 0)
            put("arg_bitshift", UInt64(64 - value.size * 8))
            switch value.place {
            case .constant(let constant):
                put("arg_type", 0)
                put("val_off", UInt64(bitPattern: constant))
            case .register(let offset):
                put("arg_type", 1)
                put("reg_off", UInt64(offset))
            case .memory(let register, let distance):
                put("arg_type", 2)
                put("reg_off", UInt64(register))
                put("val_off", UInt64(bitPattern: distance))
            case .indexed(let register, let index, let shift, let distance):
                guard takesIndexed else { return nil }
                put("arg_type", 3)
                put("reg_off", UInt64(register))
                put("idx_reg_off", UInt64(index))
                put("scale_bitshift", UInt64(shift))
                put("val_off", UInt64(bitPattern: distance))
            }
        }
        return bytes
    }

    /// Writes a number bit by bit, which serves plain members and bit fields alike.
    private func set(_ field: Field, _ number: UInt64, at base: Int, _ bytes: inout [UInt8]) {
        for bit in 0..<min(field.width, 64) where number >> UInt64(bit) & 1 != 0 {
            var position = base + field.offset + bit
            if ByteOrder.host == .big {
                // The first bit of a big-endian number is its highest.
                position = base + field.offset + (field.width - 1 - bit)
                guard bytes.indices.contains(position / 8) else { continue }
                bytes[position / 8] |= 1 << UInt8(7 - position % 8)
                continue
            }
            guard bytes.indices.contains(position / 8) else { continue }
            bytes[position / 8] |= 1 << UInt8(position % 8)
        }
    }
}
