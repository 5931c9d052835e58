// SPDX-License-Identifier: Apache-2.0

import BPFObject
import BTF
import Bytes
import Diagnostics
import Linux

/// A kernel's own idea of a table of functions, and the conversion of an object's table to it.
///
/// Source: `struct bpf_struct_ops_NAME` in the kernel's types is the value of the map: a common part and the table.
struct KernelStructOps {
    /// The kernel's name of the table, such as `tcp_congestion_ops`.
    let name: String
    /// The types that hold the table.
    let types: BTFTable
    /// The module whose types they are, or `nil` for the kernel's own.
    let module: String?
    /// The table.
    let type: BTFTypeID
    /// The map's value.
    let valueType: BTFTypeID
    /// The size of the map's value in bytes.
    let valueSize: Int
    /// Where the table starts in the value, in bytes.
    let dataOffset: Int

    /// A table in the kernel's shape.
    struct Converted {
        /// The map's value without the numbers of the programs.
        var value: [UInt8]
        /// The programs by the index of their member, with their place in the value.
        var functions: [(member: Int, offset: Int, program: String)] = []
        /// The programs of members that the kernel does not have.
        var dropped: [(member: String, program: String)] = []
    }

    /// The largest value that is accepted, in bytes.
    private static let maximumSize = 1 << 20

    /// Finds the kernel's table for an object's.
    ///
    /// - Parameter name: the struct's name in the object; a flavour `___x` is not part of it.
    /// - Throws: ``BPFError`` when this kernel has no such table.
    static func find(_ name: String, _ kernelTypes: KernelTypes) throws(BPFError) -> KernelStructOps {
        let name = String(EssentialName.of(name))
        let core = try kernelTypes.core()
        if let found = try find(name, in: core, module: nil) { return found }
        for module in try kernelTypes.modules() {
            if let found = try find(name, in: module.table, module: module.name) { return found }
        }
        throw missing(name)
    }

    private static func find(_ name: String, in types: BTFTable, module: String?) throws(BPFError) -> KernelStructOps? {
        guard let valueType = types.firstID(named: "bpf_struct_ops_" + name, kind: .structure),
            module == nil || valueType >= types.firstTypeID,
            let type = types.firstID(named: name, kind: .structure)
        else { return nil }
        do throws(BTFError) {
            let size = try types.size(of: valueType)
            let members = try types.type(valueType).composite?.members ?? []
            for member in members where member.bitfieldSize == 0 {
                guard try types.resolve(member.type) == type else { continue }
                let offset = Int(member.bitOffset / 8)
                guard size <= maximumSize, offset <= size, try types.size(of: type) <= size - offset else { break }
                return KernelStructOps(
                    name: name, types: types, module: module, type: type, valueType: valueType, valueSize: size,
                    dataOffset: offset)
            }
        } catch {
            throw BPFError(.malformed, "the kernel's types of \(name) cannot be read", cause: error)
        }
        return nil
    }

    /// Which kernels have the tables that are known here.
    private static let known: [String: (version: KernelVersion, option: String)] = [
        "tcp_congestion_ops": ("5.6", "CONFIG_BPF_JIT"), "sched_ext_ops": ("6.12", "CONFIG_SCHED_CLASS_EXT"),
        "hid_bpf_ops": ("6.11", "CONFIG_HID_BPF"), "Qdisc_ops": ("6.16", "CONFIG_NET_SCH_BPF"),
        "smc_hs_ctrl": ("6.19", "CONFIG_SMC_HS_CTRL_BPF"),
    ]

    private static func missing(_ name: String) -> BPFError {
        let current = KernelVersion.current
        guard let known = known[name] else {
            return BPFError(
                .notSupported, "this kernel has no functions \(name) that programs can stand for",
                hint: "`skep btf dump --name bpf_struct_ops_\(name)` shows nothing here; a module may bring it")
        }
        return BPFError(
            .notSupported,
            current < known.version
                ? "programs can stand for \(name) since Linux \(known.version), this is \(current)"
                : "this kernel was built without \(known.option), which programs that stand for \(name) need")
    }

    /// Writes an object's table in the kernel's shape, member by member.
    func convert(_ table: StructOpsSpec, named tableName: String, local: BTFTable) throws(BPFError) -> Converted {
        var converted = Converted(value: [UInt8](repeating: 0, count: valueSize))
        do throws(BTFError) {
            let mine = try local.type(local.resolve(table.type)).composite?.members ?? []
            let theirs = try types.type(type).composite?.members ?? []
            for member in mine {
                let offset = Int(member.bitOffset / 8)
                let size = try local.size(of: member.type)
                guard member.bitfieldSize == 0, offset <= table.contents.count, size <= table.contents.count - offset
                else {
                    throw unsupported(tableName, "member \(member.name) is a bit field or lies outside")
                }
                let bytes = table.contents[offset..<offset + size]
                let program = table.functions[offset]
                guard let index = theirs.firstIndex(where: { $0.name == member.name }), !member.name.isEmpty else {
                    guard bytes.allSatisfy({ $0 == 0 }) else {
                        throw unsupported(tableName, "member \(member.name) is set, but this kernel does not have it")
                    }
                    if let program { converted.dropped.append((member.name, program)) }
                    continue
                }
                let other = theirs[index]
                let place = dataOffset + Int(other.bitOffset / 8)
                let otherSize = try types.size(of: other.type)
                guard other.bitfieldSize == 0, place <= valueSize, otherSize <= valueSize - place else {
                    throw unsupported(tableName, "member \(member.name) is a bit field in this kernel")
                }
                if let program {
                    guard otherSize == 8, try types.kind(types.resolve(other.type)) == .pointer else {
                        throw unsupported(tableName, "member \(member.name) is no function in this kernel")
                    }
                    converted.functions.append((index, place, program))
                    continue
                }
                // Optional members that are not set need not even have the same shape.
                guard bytes.contains(where: { $0 != 0 }) else { continue }
                guard size == otherSize else {
                    throw unsupported(
                        tableName, "member \(member.name) has \(size) bytes here and \(otherSize) in this kernel")
                }
                guard try types.kind(types.resolve(other.type)) != .pointer else {
                    throw unsupported(tableName, "member \(member.name) is a pointer that is not a program's")
                }
                converted.value.replaceSubrange(place..<place + size, with: bytes)
            }
        } catch {
            throw error.code == .unsupported
                ? BPFError(.notSupported, error.message, context: [.init("map", tableName)])
                : BPFError(.malformed, "the types of \(tableName) cannot be read", cause: error)
        }
        return converted
    }

    private func unsupported(_ table: String, _ reason: String) -> BTFError {
        BTFError(.unsupported, "the table \(table) does not fit this kernel's \(name): \(reason)")
    }
}
