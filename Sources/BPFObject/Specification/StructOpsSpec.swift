// SPDX-License-Identifier: Apache-2.0

public import BTF
import Bytes
import Diagnostics

/// A table of functions for a kernel subsystem, as an object describes it: `struct tcp_congestion_ops mine = { … };` in the
/// section `.struct_ops` or `.struct_ops.link`.
///
/// The members are those of the object's own type; the loader finds the kernel's members by name.
public struct StructOpsSpec: Sendable {
    /// The struct in the object's types.
    public var type: BTFTypeID
    /// The bytes of the struct, with zeros where functions are named.
    public var contents: [UInt8]
    /// The programs that members name, by the member's offset in bytes.
    public var functions: [Int: String]
    /// Whether a link registers it (`.struct_ops.link`, Linux 6.4), which can be pinned and updated.
    public var isLinked: Bool

    /// Makes a description.
    public init(type: BTFTypeID, contents: [UInt8], functions: [Int: String] = [:], isLinked: Bool) {
        self.type = type
        self.contents = contents
        self.functions = functions
        self.isLinked = isLinked
    }
}

extension ObjectSpec {
    /// Sets an integer member of a table of functions before it is loaded.
    ///
    /// ```swift
    /// try spec.setMember("flags", ofStructOps: "mine", to: 1 as UInt32)
    /// ```
    ///
    /// - Throws: ``ObjectError`` when there is no such table or member, or the member has another size.
    public mutating func setMember(
        _ member: String, ofStructOps name: String, to value: some FixedWidthInteger
    ) throws(ObjectError) {
        var bytes: [UInt8] = []
        bytes.append(value, order: order)
        try setMember(member, ofStructOps: name, bytes: bytes)
    }

    /// Sets the bytes of a member of a table of functions before it is loaded, such as its name.
    ///
    /// - Throws: ``ObjectError`` when there is no such table or member, or the member has another size.
    public mutating func setMember(_ member: String, ofStructOps name: String, bytes: [UInt8]) throws(ObjectError) {
        let place = try locate(member, ofStructOps: name)
        guard bytes.count == place.size else {
            throw ObjectError(
                .invalidValue, "member \(member) of \(name) has \(place.size) bytes, but the value has \(bytes.count)")
        }
        maps[place.map].structOps?.contents.replaceSubrange(place.offset..<place.offset + place.size, with: bytes)
    }

    /// Sets or removes the program that stands for a function of a table before it is loaded.
    ///
    /// - Parameter program: the name of a program of the object, or `nil` for none.
    /// - Throws: ``ObjectError`` when there is no such table, member or program.
    public mutating func setFunction(
        _ member: String, ofStructOps name: String, to program: String?
    ) throws(ObjectError) {
        let place = try locate(member, ofStructOps: name)
        if let program, self.program(named: program) == nil {
            throw ObjectError(.missing, "there is no program \(program)")
        }
        maps[place.map].structOps?.functions[place.offset] = program
    }

    private func locate(
        _ member: String, ofStructOps name: String
    ) throws(ObjectError) -> (map: Int, offset: Int, size: Int) {
        guard let map = maps.firstIndex(where: { $0.name == name && $0.structOps != nil }),
            let table = maps[map].structOps, let types
        else {
            throw ObjectError(.missing, "there is no table of functions \(name)")
        }
        do throws(BTFError) {
            let members = try types.type(try types.resolve(table.type)).composite?.members ?? []
            guard let found = members.first(where: { $0.name == member }) else {
                throw BTFError(
                    .malformed,
                    "\(name) has no member \(member); it has "
                        + members.map(\.name).filter { !$0.isEmpty }.joined(separator: ", "))
            }
            let (offset, size) = (Int(found.bitOffset / 8), try types.size(of: found.type))
            guard found.bitfieldSize == 0, size <= table.contents.count, offset <= table.contents.count - size else {
                throw BTFError(.malformed, "member \(member) of \(name) lies outside of it, or is a bit field")
            }
            return (map, offset, size)
        } catch {
            throw ObjectError(.missing, error.message)
        }
    }
}
