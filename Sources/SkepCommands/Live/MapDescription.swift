// SPDX-License-Identifier: Apache-2.0

import BPF
import BPFObject
import BTF
import Linux
import ServiceRuntime

/// A live map as a row of a table, as lines of details, and as JSON.
struct MapDescription {
    private let map: LiveMap
    private let surroundings: LiveSurroundings
    private let programs: [LiveProgram]

    /// - Parameter programs: the loaded programs, to name those that use the map.
    init(_ map: LiveMap, _ surroundings: LiveSurroundings, programs: [LiveProgram] = []) {
        self.map = map
        self.surroundings = surroundings
        self.programs = programs
    }

    /// The cells of `skep map list`.
    var cells: [String] {
        let information = map.information
        return [
            "\(map.id)", map.kind.description, information.name, "\(information.keySize)", "\(information.valueSize)",
            "\(information.maxEntries)", information.flags == 0 ? "" : "0x" + String(information.flags, radix: 16),
            LiveText.bytes(map.memory), information.btfID == 0 ? "" : "\(information.btfID)",
            map.isFrozen ? "yes" : "", surroundings.holderText(.map, map.id),
            surroundings.paths(.map, map.id).joined(separator: ","),
        ]
    }

    private var users: [LiveProgram] { programs.filter { $0.information.mapIDs.contains(map.id) } }

    private func typeName(_ id: UInt32) -> String? {
        guard id != 0, let types = (try? map.types()) ?? nil else { return nil }
        return TypeName.describe(BTFTypeID(id), in: types)
    }

    /// All details, one a line.
    var text: String {
        let information = map.information
        func shape(_ size: UInt32, _ type: UInt32) -> String {
            "\(size) bytes" + (typeName(type).map { ", \($0)" } ?? "")
        }
        return LiveText.details([
            ("id", "\(map.id)"), ("kind", map.kind.description), ("name", information.name),
            ("key", shape(information.keySize, information.keyType)),
            (
                "value",
                shape(
                    information.valueSize,
                    information.kernelValueType != 0 ? information.kernelValueType : information.valueType)
            ),
            ("entries", "\(information.maxEntries)"),
            ("flags", Self.flagNames(information.flags).joined(separator: ", ")),
            ("memory", map.memory.map { "\($0) bytes" } ?? ""),
            ("frozen", map.isFrozen ? "yes: user space may not change it" : ""),
            ("extra", information.extra == 0 ? "" : "0x" + String(information.extra, radix: 16)),
            ("btf", information.btfID == 0 ? "" : "\(information.btfID)"),
            ("used by", users.map { "\($0.name) (\($0.id))" }.joined(separator: ", ")),
            ("held by", surroundings.holderText(.map, map.id)),
            ("pinned", surroundings.paths(.map, map.id).joined(separator: ", ")),
        ])
    }

    /// The `BPF_F_*` flags of map creation, in lower case without their prefix.
    private static func flagNames(_ flags: UInt32) -> [String] {
        let names = [
            "no_prealloc", "no_common_lru", "numa_node", "rdonly", "wronly", "stack_build_id", "zero_seed",
            "rdonly_prog", "wronly_prog", "clone", "mmapable", "preserve_elems", "inner_map", "link", "path_fd",
            "vtype_btf_obj_fd", "token_fd", "segv_on_fault", "no_user_conv", "rb_overwrite",
        ]
        return (0..<32).filter { flags & 1 << UInt32($0) != 0 }.map { $0 < names.count ? names[$0] : "bit \($0)" }
    }

    /// The object that `docs/json.md` describes.
    var json: JSONText {
        let information = map.information
        func number(_ value: some BinaryInteger) -> JSONText { .number(Int64(clamping: value)) }
        func text(_ value: String?) -> JSONText { value.map { .text($0) } ?? .null }
        var fields: [(String, JSONText)] = [
            ("id", number(map.id)), ("kind", .text(map.kind.description)), ("name", .text(information.name)),
            ("key_bytes", number(information.keySize)), ("value_bytes", number(information.valueSize)),
            ("max_entries", number(information.maxEntries)), ("flags", number(information.flags)),
            ("memory_bytes", map.memory.map { number($0) } ?? .null), ("frozen", .boolean(map.isFrozen)),
            ("btf_id", information.btfID == 0 ? .null : number(information.btfID)),
            ("key_type", text(typeName(information.keyType))), ("value_type", text(typeName(information.valueType))),
        ]
        if !programs.isEmpty { fields.append(("program_ids", .list(users.map { number($0.id) }))) }
        return .object(fields + surroundings.json(.map, map.id))
    }
}
