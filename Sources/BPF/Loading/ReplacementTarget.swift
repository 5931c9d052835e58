// SPDX-License-Identifier: Apache-2.0

import BTF
import Diagnostics
import Linux

/// The function of a loaded program that an extension (`freplace`) takes the place of, or that a tracing program watches.
///
/// - Note: Linux 5.6; `attach_prog_fd` of `BPF_PROG_LOAD`.
public struct ReplacementTarget: Sendable {
    /// The loaded program.
    let program: SharedDescriptor
    /// The function's name, or `nil` for the one that the section names.
    let function: String?

    /// Names a function of a program of this process.
    public init(_ program: Program, function: String? = nil) throws(BPFError) {
        do throws(LinuxError) {
            self.program = SharedDescriptor(
                name: program.name, descriptor: try FileDescriptor.duplicating(program.rawDescriptor))
        } catch {
            throw BPFError.system(error, "cannot hold the program \(program.name)")
        }
        self.function = function
    }

    /// Names a function of a program by its number.
    ///
    /// - Throws: ``BPFError`` with the code `notFound` when there is no such program.
    public init(programID: UInt32, function: String? = nil) throws(BPFError) {
        program = SharedDescriptor(
            name: "program \(programID)", descriptor: try LiveObjects.open(.program, programID))
        self.function = function
    }

    /// The type of the function in the types of its program.
    func type(named name: String) throws(BPFError) -> UInt32 {
        let information: ProgramInformation
        do throws(LinuxError) {
            information = try BPFSystemCall.programInformation(of: program.descriptor.rawValue)
        } catch {
            throw BPFError.system(error, "cannot describe the program \(program.name)")
        }
        guard information.btfID != 0 else {
            throw BPFError(
                .invalidArgument,
                "the program \(program.name) was loaded without types, so its functions have no names",
                hint: "compile it with -g")
        }
        guard let id = try LiveTypes(id: information.btfID).table().firstID(named: name, kind: .function) else {
            throw BPFError(.notFound, "the program \(program.name) has no function \(name)")
        }
        return id.rawValue
    }
}
