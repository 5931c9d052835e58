// SPDX-License-Identifier: Apache-2.0

import BTF
import Bytes
import Linux

/// Type information with every kind in it.
enum TableFixture {
    static let everyKind: [BTFType] = [
        .integer(BTFInteger(name: "int", size: 4, encoding: .signed)),  // 1
        .pointer(BTFTypeID(4)),
        .array(BTFArray(element: BTFTypeID(1), index: BTFTypeID(1), count: 7)),
        .structure(
            BTFComposite(
                name: "node", size: 48,
                members: [
                    BTFMember(name: "next", type: BTFTypeID(2), bitOffset: 0),
                    BTFMember(name: "values", type: BTFTypeID(3), bitOffset: 64),
                    BTFMember(name: "", type: BTFTypeID(5), bitOffset: 288),
                ])),
        .union(
            BTFComposite(
                name: "", size: 4,
                members: [
                    BTFMember(name: "low", type: BTFTypeID(1), bitOffset: 0, bitfieldSize: 5),
                    BTFMember(name: "all", type: BTFTypeID(1), bitOffset: 0),
                ])),
        .enumeration(
            BTFEnumeration(
                name: "state", isSigned: true,
                values: [BTFEnumerator(name: "BAD", value: -1), BTFEnumerator(name: "GOOD", value: 1)])),
        .forward(BTFForward(name: "hidden")),
        .forward(BTFForward(name: "hidden_union", isUnion: true)),
        .typedef(BTFNamedReference(name: "node_t", type: BTFTypeID(4))),
        .volatile(BTFTypeID(9)),  // 10
        .const(BTFTypeID(10)),
        .restrict(BTFTypeID(2)),
        .functionPrototype(
            BTFFunctionPrototype(
                result: BTFTypeID(1),
                parameters: [BTFParameter(name: "first", type: BTFTypeID(2)), BTFParameter(name: "", type: .void)])),
        .function(BTFFunction(name: "work", prototype: BTFTypeID(13), linkage: .extern)),
        .variable(BTFVariable(name: "counter", type: BTFTypeID(1), linkage: .static)),
        .dataSection(
            BTFDataSection(
                name: ".bss", size: 8,
                variables: [BTFDataSectionVariable(type: BTFTypeID(15), offset: 4, size: 4)])),
        .float(BTFFloat(name: "double", size: 8)),
        .declarationTag(BTFDeclarationTag(name: "bpf_kfunc", type: BTFTypeID(14))),
        .declarationTag(
            BTFDeclarationTag(name: "deprecated", type: BTFTypeID(4), componentIndex: 1, isAttribute: true)),
        .typeTag(BTFTypeTag(name: "user", type: BTFTypeID(1))),  // 20
        .typeTag(BTFTypeTag(name: "address_space(1)", type: BTFTypeID(1), isAttribute: true)),
        .enumeration(
            BTFEnumeration(
                name: "wide", size: 8, is64: true,
                values: [BTFEnumerator(name: "TOP", value: -1), BTFEnumerator(name: "SMALL", value: 3)])),
    ]

    static func bytes(_ types: [BTFType], order: ByteOrder = .little, base: BTFTable? = nil) throws -> [UInt8] {
        var builder = BTFBuilder(order: order, base: base)
        for type in types { builder.add(type) }
        return try builder.encode()
    }

    static func table(_ types: [BTFType], order: ByteOrder = .little, base: BTFTable? = nil) throws -> BTFTable {
        try BTFTable(OwnedBytes(try bytes(types, order: order, base: base)), base: base)
    }

    /// The types of the running kernel, if it shows them.
    static let kernel: BTFTable? = {
        guard let bytes = try? Files.read("/sys/kernel/btf/vmlinux") else { return nil }
        return try? BTFTable(OwnedBytes(bytes))
    }()
}

/// The code of the error that a body throws.
func errorCode(_ body: () throws -> Void) -> BTFError.Code? {
    do {
        try body()
        return nil
    } catch {
        return (error as? BTFError)?.code
    }
}
