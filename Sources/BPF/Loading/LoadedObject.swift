// SPDX-License-Identifier: Apache-2.0

public import BPFObject

/// An object in the kernel: its maps are made, its programs verified, nothing is attached yet.
///
/// ```swift
/// let spec = try ObjectSpec(contentsOf: "opensnoop.o")
/// let object = try LoadedObject(spec)
/// let links = try object.attach()
/// ```
public final class LoadedObject: Sendable {
    /// The description that was loaded, with the values that its variables had.
    public let spec: ObjectSpec
    /// The maps in the order of the description.
    public let maps: [UntypedMap]
    /// The programs that were loaded, in the order of the description.
    public let programs: [Program]
    /// The tables of functions for kernel subsystems that can be registered.
    public let structOps: [StructOps]
    /// Every choice that was made on the way.
    public let report: LoadReport
    let sections: [String: DataSectionMemory]
    private let typesDescriptor: SharedDescriptor?
    private let losses: LossMeter?

    /// Loads an object into the running kernel.
    ///
    /// - Throws: ``BPFError``; a program that the verifier rejects is told with the source line, the instruction, the
    ///   registers in words and a hint, and apart from a kernel or machine that refuses.
    public init(_ spec: ObjectSpec, options: LoadOptions = LoadOptions()) throws(BPFError) {
        var loader = ObjectLoader(spec, options: options)
        try loader.load()
        self.spec = loader.spec
        maps = loader.spec.maps.compactMap { [made = loader.maps] in made[$0.name] }
        programs = loader.programs
        structOps = loader.structOps
        report = loader.report
        sections = loader.sections
        typesDescriptor = loader.typesDescriptor
        losses = loader.losses
    }

    /// The map of a name.
    ///
    /// - Throws: ``BPFError`` when there is none.
    public func map(named name: String) throws(BPFError) -> UntypedMap {
        guard let map = maps.first(where: { $0.name == name }) else {
            if let reason = report.missingMaps[name] { throw reason }
            throw BPFError(
                .notFound, "there is no map \(name)",
                hint: "the object has " + maps.map(\.name).joined(separator: ", "))
        }
        return map
    }

    /// The program of a name.
    ///
    /// - Throws: ``BPFError`` when there is none, or when it was not loaded.
    public func program(named name: String) throws(BPFError) -> Program {
        guard let program = programs.first(where: { $0.name == name }) else {
            throw BPFError(
                .notFound, "there is no loaded program \(name)",
                hint: "loaded are " + programs.map(\.name).joined(separator: ", "))
        }
        return program
    }

    /// Reads a global variable as the programs see it now.
    ///
    /// - Returns: the variable's bytes.
    /// - Throws: ``BPFError`` when there is no such variable.
    public func bytes(ofVariable name: String) throws(BPFError) -> [UInt8] {
        let variable = try variable(named: name)
        if let memory = sections[variable.map],
            let bytes = memory.read(offset: variable.offset, count: variable.size)
        {
            return bytes
        }
        let map = try map(named: variable.map)
        let value = try map.value(for: [0, 0, 0, 0]) ?? []
        guard variable.offset + variable.size <= value.count else {
            throw BPFError(.malformed, "variable \(name) lies outside its section")
        }
        return Array(value[variable.offset..<variable.offset + variable.size])
    }

    /// Changes a global variable of `.data` or `.bss` while programs run; they see it at once.
    ///
    /// - Throws: ``BPFError`` when there is no such variable, it is constant, or the size differs.
    public func setVariable(_ name: String, bytes: [UInt8]) throws(BPFError) {
        let variable = try variable(named: name)
        guard variable.access == .readWrite else {
            throw BPFError(
                .invalidArgument, "variable \(name) is constant once the object is loaded",
                hint: "set it before loading")
        }
        guard bytes.count == variable.size else {
            throw BPFError(
                .invalidArgument, "variable \(name) has \(variable.size) bytes, but the value has \(bytes.count)")
        }
        if let memory = sections[variable.map], memory.write(bytes, offset: variable.offset) { return }
        let map = try map(named: variable.map)
        guard var value = try map.value(for: [0, 0, 0, 0]), variable.offset + variable.size <= value.count else {
            throw BPFError(.malformed, "variable \(name) lies outside its section")
        }
        value.replaceSubrange(variable.offset..<variable.offset + variable.size, with: bytes)
        try map.setValue(value, for: [0, 0, 0, 0])
    }

    /// How many records did not fit into ring buffers since the object was loaded.
    ///
    /// The kernel does not count them, so the programs do, unless ``LoadOptions/countsLostRecords`` says otherwise.
    /// Perf buffers are counted by the kernel; see ``PerfBuffer/lostRecords``.
    public var lostRecords: UInt64 { losses?.total ?? 0 }

    /// How many records did not fit into the ring buffer of a name since the object was loaded.
    ///
    /// - Parameter stream: the map's name, or `nil` for ring buffers that the code does not name, such as those in maps
    ///   of maps.
    public func lostRecords(of stream: String?) -> UInt64 { losses?.count(of: stream) ?? 0 }

    private func variable(named name: String) throws(BPFError) -> VariableSpec {
        guard let variable = spec.variable(named: name) else {
            throw BPFError(
                .notFound, "there is no variable \(name)",
                hint: "the object has " + spec.variables.map(\.name).joined(separator: ", "))
        }
        return variable
    }
}
