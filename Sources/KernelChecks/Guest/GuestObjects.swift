// SPDX-License-Identifier: Apache-2.0

import ClangFrontEnd
import Diagnostics
import Linux
import ServiceRuntime

/// The objects that come along to a guest, which has no compiler: those of the checks, and the services of the catalogue,
/// built as `skep build` builds them.
public enum GuestObjects {
    /// Compiles them. The services want their headers where `$SKEP_SHARE` says: ``linkShare(root:)`` makes that folder.
    ///
    /// - Parameter root: the folder of the source tree.
    /// - Returns: the contents by the paths in the guest.
    public static func all(root: String) throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        let clang = try ClangCompiler.find().path
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let sources = root + "/Tests/CheckObjects"
        for name in try Directory.names(in: sources) where name.hasSuffix(".bpf.c") {
            let object = "\(folder.path)/object.o"
            let output = try ChildProcess.run(
                clang, arguments(source: "\(sources)/\(name)", object: object, root: root), timeLimit: 120_000)
            guard output.isSuccess else {
                throw UnmetExpectation(description: "\(name): " + String(decoding: output.errors, as: UTF8.self))
            }
            files["objects/\(name.dropLast(".bpf.c".count)).o"] = try Files.read(object)
        }
        for name in try Directory.names(in: root + "/services") {
            let source = "\(root)/services/\(name)/\(name).bpf.c"
            guard Files.exists(source) else { continue }
            let service = try PreparedService(.source(path: source))
            files["objects/services/\(name).o"] = try service.standaloneObject()
        }
        return files
    }

    /// Makes a folder like the installed one, whose `include` is the tree's.
    ///
    /// - Returns: its path, for `$SKEP_SHARE`.
    public static func linkShare(root: String) throws -> String {
        let folder = root + "/.build-guests/share"
        try Files.makeFolders(folder)
        if !Files.exists(folder + "/include") {
            _ = try ChildProcess.run("ln", ["-sfn", root + "/include", folder + "/include"], timeLimit: 10_000)
        }
        return folder
    }

    private static func arguments(source: String, object: String, root: String) -> [String] {
        [
            "--target=bpf", "-g", "-O2", "-mcpu=v2", "-Wall", "-Werror", "-nostdlibinc", "-D__TARGET_ARCH_x86",
            "-isystem", root + "/include", "-c", source, "-o", object,
        ]
    }
}
