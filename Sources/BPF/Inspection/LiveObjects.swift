// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Linux

/// Everything of BPF that the running kernel holds, whoever made it.
///
/// Each list is that of one moment: what goes away while it is read is left out.
///
/// ```swift
/// for program in try LiveObjects.programs() { print(program.id, program.kind, program.name) }
/// ```
///
/// - Note: needs `CAP_SYS_ADMIN`; `BPF_PROG_GET_NEXT_ID` and its like, Linux 4.13 (links 5.8, BTF 5.4).
public enum LiveObjects {
    /// All loaded programs, by number.
    ///
    /// - Throws: ``BPFError`` without rights.
    public static func programs() throws(BPFError) -> [LiveProgram] {
        try all(.program) { number throws(BPFError) in try LiveProgram(id: number) }
    }

    /// All maps, by number.
    ///
    /// - Throws: ``BPFError`` without rights.
    public static func maps() throws(BPFError) -> [LiveMap] {
        try all(.map) { number throws(BPFError) in try LiveMap(id: number) }
    }

    /// All links of the kernel's, by number; attachments of other forms have none.
    ///
    /// - Throws: ``BPFError`` without rights, or before Linux 5.8.
    public static func links() throws(BPFError) -> [LiveLink] {
        try all(.link) { number throws(BPFError) in try LiveLink(id: number) }
    }

    /// The numbers of all links, ascending, without opening one: an opened link lives on.
    ///
    /// - Throws: ``BPFError`` without rights, or before Linux 5.8.
    public static func linkIDs() throws(BPFError) -> [UInt32] { try numbers(.link) }

    /// All loaded types: the kernel's, those of modules and those of programs and maps.
    ///
    /// - Throws: ``BPFError`` without rights, or before Linux 5.4.
    public static func types() throws(BPFError) -> [LiveTypes] {
        try all(.btf) { number throws(BPFError) in try LiveTypes(id: number) }
    }

    private static func all<Object>(
        _ kind: BPFSystemCall.ObjectKind, _ open: (UInt32) throws(BPFError) -> Object
    ) throws(BPFError) -> [Object] {
        var found: [Object] = []
        for number in try numbers(kind) {
            do throws(BPFError) {
                found.append(try open(number))
            } catch {
                if error.code != .notFound { throw error }
            }
        }
        return found
    }

    private static func numbers(_ kind: BPFSystemCall.ObjectKind) throws(BPFError) -> [UInt32] {
        do throws(LinuxError) {
            return try BPFSystemCall.ids(kind)
        } catch {
            throw failure(error, kind, "the \(kind.plural) of this kernel cannot be listed")
        }
    }

    /// Opens an object by its number.
    static func open(
        _ kind: BPFSystemCall.ObjectKind, _ number: UInt32, flags: UInt32 = 0
    ) throws(BPFError) -> FileDescriptor {
        do throws(LinuxError) {
            return try BPFSystemCall.open(kind, id: number, flags: flags)
        } catch {
            if error.errno == .noSuchFileOrDirectory {
                throw BPFError(
                    .notFound, "there is no \(kind.singular) with the number \(number)",
                    hint: "`skep \(kind.command) list` shows what there is")
            }
            throw failure(error, kind, "the \(kind.singular) \(number) cannot be opened")
        }
    }

    /// Opens what is pinned at a path.
    static func open(pinned path: String) throws(BPFError) -> FileDescriptor {
        do throws(LinuxError) {
            return try BPFSystemCall.open(pinned: path)
        } catch {
            if error.errno == .noSuchFileOrDirectory { throw BPFError(.notFound, "nothing is pinned at \(path)") }
            throw BPFError.system(error, "what is pinned at \(path) cannot be opened")
        }
    }

    /// A kernel that does not know the command answers `EINVAL`.
    static func failure(
        _ error: LinuxError, _ kind: BPFSystemCall.ObjectKind, _ message: String
    ) -> BPFError {
        if error.errno == .invalidArgument, KernelVersion.current < kind.minimumVersion {
            return BPFError(
                .notSupported,
                "listing \(kind.plural) needs Linux \(kind.minimumVersion), this is \(KernelVersion.current)",
                cause: error)
        }
        if error.errno == .notPermitted {
            return BPFError(
                .refused, message, hint: "looking at what others loaded needs CAP_SYS_ADMIN: run it as root",
                cause: error)
        }
        return .system(error, message)
    }
}

extension BPFSystemCall.ObjectKind {
    var singular: String {
        switch self {
        case .program: "program"
        case .map: "map"
        case .link: "link"
        case .btf: "BTF"
        }
    }

    var plural: String { self == .btf ? "BTF" : singular + "s" }

    /// The subcommand of `skep` that is about them.
    var command: String {
        switch self {
        case .program: "prog"
        case .map: "map"
        case .link: "link"
        case .btf: "btf"
        }
    }

    var minimumVersion: KernelVersion {
        switch self {
        case .program, .map: "4.13"
        case .link: "5.8"
        case .btf: "5.4"
        }
    }
}
