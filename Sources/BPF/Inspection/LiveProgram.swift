// SPDX-License-Identifier: Apache-2.0

public import BPFObject
public import BTF
import Bytes
import Diagnostics
public import Linux

/// A program that is loaded in the running kernel, whoever loaded it.
///
/// It stays loaded as long as this reference, even when its owner goes.
///
/// ```swift
/// let program = try LiveProgram(id: 42)
/// print(program.kind, program.name, program.information.runCount)
/// ```
///
/// - Note: `BPF_PROG_GET_FD_BY_ID` and `BPF_OBJ_GET_INFO_BY_FD`, Linux 4.13.
public final class LiveProgram: Sendable {
    /// What the kernel told when this was opened.
    public let information: ProgramInformation
    /// Bytes of kernel memory for instructions and machine code, where /proc tells.
    public let memory: UInt64?
    /// The name of the function that is the program: whole where the program has types, else up to 15 bytes.
    public let name: String
    private let descriptor: FileDescriptor

    /// Opens a program by its number.
    ///
    /// - Throws: ``BPFError`` with code `notFound` when there is none.
    public convenience init(id: UInt32) throws(BPFError) {
        try self.init(descriptor: LiveObjects.open(.program, id))
    }

    /// Opens a program by its path in a bpffs.
    ///
    /// - Throws: ``BPFError`` when no program is pinned there.
    public convenience init(pinned path: String) throws(BPFError) {
        guard try PinnedObject.kind(at: path) == .program else {
            throw BPFError(.invalidArgument, "what is pinned at \(path) is no program")
        }
        try self.init(descriptor: LiveObjects.open(pinned: path))
    }

    private init(descriptor: consuming FileDescriptor) throws(BPFError) {
        let number = descriptor.rawValue
        do throws(LinuxError) {
            information = try BPFSystemCall.programInformation(of: number)
        } catch {
            throw BPFError.system(error, "the kernel does not describe a program")
        }
        memory = DescriptorFacts(number).memory
        name = Self.fullName(information, number) ?? information.name
        self.descriptor = descriptor
    }

    /// The number, as long as it is loaded.
    public var id: UInt32 { information.id }

    /// The kind of program.
    public var kind: ProgramKind { ProgramKind(rawValue: information.kind) }

    /// The digest of the instructions as 16 hexadecimal digits.
    public var tag: String { Hexadecimal.text(information.tag) }

    /// The number of the descriptor, valid as long as this object lives.
    public var rawDescriptor: Int32 { descriptor.rawValue }

    /// What the kernel tells now: the counters of statistics move.
    public func currentInformation() throws(BPFError) -> ProgramInformation {
        do throws(LinuxError) {
            return try BPFSystemCall.programInformation(of: rawDescriptor)
        } catch {
            throw BPFError.system(error, "the kernel does not describe the program \(id)")
        }
    }

    /// Copies the program's instructions, machine code and source lines.
    ///
    /// - Throws: ``BPFError`` when the kernel refuses.
    public func code() throws(BPFError) -> ProgramCode {
        do throws(LinuxError) {
            return try BPFSystemCall.programCode(of: rawDescriptor)
        } catch {
            throw BPFError.system(error, "the code of the program \(id) cannot be read")
        }
    }

    /// The types that the program was loaded with, or `nil` when it has none.
    public func types() throws(BPFError) -> BTFTable? {
        information.btfID == 0 ? nil : try LiveTypes(id: information.btfID).table()
    }

    /// Keeps the program alive by a path of a bpffs.
    public func pin(at path: String) throws(BPFError) {
        do throws(LinuxError) {
            try BPFSystemCall.pin(rawDescriptor, path: path)
        } catch {
            throw PinnedObject.failure(error, "the program \(id)", at: path)
        }
    }

    /// The kernel cuts names at 15 bytes; a program with types has its function's whole name.
    private static func fullName(_ information: ProgramInformation, _ descriptor: Int32) -> String? {
        guard information.btfID != 0, information.name.utf8.count == 15,
            let code = try? BPFSystemCall.programCode(of: descriptor),
            let table = try? LiveTypes(id: information.btfID).table(),
            let type = code.functionInformation.span.bytes.integer(at: 4, as: UInt32.self, order: .host),
            case .function(let function)? = try? table.type(BTFTypeID(type)),
            function.name.hasPrefix(information.name)
        else { return nil }
        return function.name
    }
}
