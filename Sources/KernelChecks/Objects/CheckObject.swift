// SPDX-License-Identifier: Apache-2.0

import BPF
import BPFObject
import Bytes
import Linux

/// The compiled sources of `Tests/CheckObjects`, which come along to a guest, since it has no compiler.
enum CheckObject {
    /// The folder that holds the objects: `$SKEP_CHECK_OBJECTS`, else `/objects`, where a guest has them.
    static var folder: String { Environment.variable("SKEP_CHECK_OBJECTS") ?? "/objects" }

    /// Reads an object and lets it count what the calling thread does.
    static func spec(_ name: String) throws -> ObjectSpec {
        var spec = try ObjectSpec(OwnedBytes(try Files.read("\(folder)/\(name).o")), name: name)
        try spec.setVariable("target", to: UInt32(truncatingIfNeeded: Processes.currentThread))
        return spec
    }

    /// Reads and loads an object.
    ///
    /// - Parameters:
    ///   - name: the source's name without its ending.
    ///   - programs: the programs to load; all of them unless told.
    static func load(_ name: String, programs: Set<String>? = nil) throws -> LoadedObject {
        var options = LoadOptions()
        options.programs = programs
        return try LoadedObject(try spec(name), options: options)
    }
}

extension LoadedObject {
    /// A 64-bit variable as it is now.
    func number(_ variable: String) throws -> UInt64 {
        let bytes = OwnedBytes(try bytes(ofVariable: variable))
        guard let number = bytes.span.integer(at: 0, as: UInt64.self, order: .host) else {
            throw UnmetExpectation(description: "the variable \(variable) has \(bytes.count) bytes")
        }
        return number
    }
}

/// Ends the check with a failure unless two numbers are the same.
func expectSame<Number: Equatable>(
    _ found: Number, _ expected: Number, _ what: @autoclosure () -> String
) throws(UnmetExpectation) {
    if found != expected { throw UnmetExpectation(description: "\(what()): \(found) instead of \(expected)") }
}
