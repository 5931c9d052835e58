// SPDX-License-Identifier: Apache-2.0

import Glibc
import Linux

/// The sources of the objects that kernel checks load, compiled when a test needs them.
public enum CheckSources {
    /// The folder of the package.
    public static let root: String = {
        let parts = #filePath.split(separator: "/").dropLast(3)
        return "/" + parts.joined(separator: "/")
    }()

    /// Compiles all of `Tests/CheckObjects`.
    ///
    /// - Returns: the objects' bytes, by the sources' names without their endings.
    public static func compile() throws -> [String: [UInt8]] {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        try compile(into: folder.path)
        var objects: [String: [UInt8]] = [:]
        for name in try Directory.names(in: folder.path) where name.hasSuffix(".o") {
            objects[String(name.dropLast(2))] = try Files.read("\(folder.path)/\(name)")
        }
        return objects
    }

    /// Compiles all of `Tests/CheckObjects` into a folder.
    public static func compile(into folder: String) throws {
        let sources = root + "/Tests/CheckObjects"
        for name in try Directory.names(in: sources) where name.hasSuffix(".bpf.c") {
            let result = try ChildProcess.run(
                CompiledC.clang,
                [
                    "--target=bpf", "-g", "-O2", "-mcpu=v2", "-Wall", "-Werror", "-nostdlibinc",
                    "-D__TARGET_ARCH_\(KernelVersion.architecture == "x86_64" ? "x86" : "arm64")",
                    "-isystem", root + "/include", "-c", "\(sources)/\(name)",
                    "-o", "\(folder)/\(name.dropLast(".bpf.c".count)).o",
                ])
            guard result.isSuccess else {
                throw Failure(description: "\(name): " + String(decoding: result.errors, as: UTF8.self))
            }
        }
    }

    /// Why a source could not be compiled.
    public struct Failure: Error, CustomStringConvertible {
        /// The compiler's messages.
        public let description: String
    }
}
