// SPDX-License-Identifier: Apache-2.0

public import BTF
public import Bytes

/// Everything that an object file says, as plain data that can be inspected and edited before it is loaded.
///
/// Reading never touches the kernel: the same bytes give the same value on every machine. What depends on a kernel
/// happens when the value is loaded.
///
/// ```swift
/// var spec = try ObjectSpec(bytes, name: "opensnoop")
/// try spec.setVariable("min_duration_ns", to: 1_000_000 as UInt64)
/// spec.maps.first { $0.name == "events" }?.maximumEntries
/// ```
public struct ObjectSpec: Sendable {
    /// The object's name, which prefixes the names of its data sections in the kernel.
    public var name: String
    /// The byte order that the object was compiled for.
    public var order: ByteOrder
    /// The licence that the object claims; the kernel gives GPL-only helpers only to compatible ones.
    public var license: String
    /// The programs in the order of their sections.
    public var programs: [ProgramSpec]
    /// The maps, those of data sections last.
    public var maps: [MapSpec]
    /// The global variables of all data sections.
    public var variables: [VariableSpec]
    /// What the kernel must provide.
    public var externals: [ExternalSpec]
    /// All functions, by name: entries of programs and subprograms.
    public var functions: [String: FunctionSpec]
    /// The object's types, or `nil` when it was compiled without `-g`.
    public var types: BTFTable?
    /// Types of kernels that the object brings along.
    public var kernelTypes: EmbeddedKernelTypes?

    /// The map of a name, or `nil`.
    public func map(named name: String) -> MapSpec? { maps.first { $0.name == name } }

    /// The program of a name, or `nil`.
    public func program(named name: String) -> ProgramSpec? { programs.first { $0.name == name } }

    /// The variable of a name, or `nil`.
    public func variable(named name: String) -> VariableSpec? { variables.first { $0.name == name } }

    /// The bytes that a variable starts with.
    ///
    /// - Throws: ``ObjectError`` when there is no such variable.
    public func bytes(ofVariable name: String) throws(ObjectError) -> [UInt8] {
        let (variable, map) = try locate(name)
        return Array(maps[map].section?.contents[variable.offset..<variable.offset + variable.size] ?? [])
    }

    /// Sets the bytes that a variable starts with.
    ///
    /// - Throws: ``ObjectError`` when there is no such variable or the size differs from the variable's.
    public mutating func setVariable(_ name: String, bytes: [UInt8]) throws(ObjectError) {
        let (variable, map) = try locate(name)
        guard bytes.count == variable.size else {
            throw ObjectError(
                .invalidValue, "variable \(name) has \(variable.size) bytes, but the value has \(bytes.count)")
        }
        maps[map].section?.contents.replaceSubrange(variable.offset..<variable.offset + variable.size, with: bytes)
    }

    /// Sets an integer variable.
    ///
    /// - Throws: ``ObjectError`` when there is no such variable or it has another size than the value.
    public mutating func setVariable(_ name: String, to value: some FixedWidthInteger) throws(ObjectError) {
        var bytes: [UInt8] = []
        bytes.append(value, order: order)
        try setVariable(name, bytes: bytes)
    }

    private func locate(_ name: String) throws(ObjectError) -> (VariableSpec, Int) {
        guard let variable = variable(named: name) else {
            let names = variables.map(\.name).sorted().joined(separator: ", ")
            throw ObjectError(
                .missing, "there is no variable \(name)",
                hint: names.isEmpty ? "the object has no global variables" : "it has \(names)")
        }
        guard let map = maps.firstIndex(where: { $0.name == variable.map }),
            let count = maps[map].section?.contents.count, variable.offset >= 0, variable.size >= 0,
            variable.offset <= count, variable.size <= count - variable.offset
        else {
            throw ObjectError(.malformed, "variable \(name) lies outside its section")
        }
        return (variable, map)
    }
}
