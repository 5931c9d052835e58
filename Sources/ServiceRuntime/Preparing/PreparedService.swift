// SPDX-License-Identifier: Apache-2.0

import BPF
public import BPFObject
import BTF
public import Bytes
import ClangFrontEnd
import Diagnostics
public import ELF
import Linux

/// A service that is ready to be loaded: its object with row types and help, from a source or an object file.
public struct PreparedService: Sendable {
    /// The service's name.
    public let name: String
    /// The object, which parameters are still set in.
    public var spec: ObjectSpec
    /// The object file as it was compiled or read.
    public let file: ELFFile
    /// The file's bytes.
    public let bytes: OwnedBytes
    /// The values that can be set before loading.
    public let parameters: [Parameter]

    /// What preparing needs beside the service.
    public struct Options: Sendable {
        /// The path or name of clang, or `nil` to look for it.
        public var clang: String?
        /// Further arguments for clang.
        public var arguments: [String] = []
        /// Row types that the object does not tell, by the map's name.
        public var eventTypes: [String: String] = [:]
        /// The file of kernel types to compile against, or `nil` for the running kernel's.
        public var kernelTypes: String?
        /// Called with a word on what takes time, and with `nil` when it is over.
        public var progress: @Sendable (String?) -> Void = { _ in }

        /// Makes the default options.
        public init() {}
    }

    /// The largest object file that is read, in bytes.
    private static let maximumObjectSize = 256 << 20

    /// Compiles a source or reads an object.
    ///
    /// - Throws: an error of the front end, of the object reader, or ``ServiceError``.
    public init(_ location: ServiceLocation, options: Options = Options()) throws {
        name = location.name
        switch location {
        case .object(let path):
            do throws(LinuxError) {
                bytes = OwnedBytes(try Files.read(path, limit: Self.maximumObjectSize))
            } catch {
                throw ServiceError(.failed, "cannot read \(path)", cause: error)
            }
        case .source(let path):
            bytes = try Self.compile(path, options)
        }
        do throws(ELFError) {
            file = try ELFFile(bytes)
            try file.requireBPFObject()
        } catch {
            throw ServiceError(.failed, "\(location.path) is not an eBPF object", cause: error)
        }
        var spec = try ObjectSpec(bytes, name: location.name)
        let isPrebuilt = spec.types.map { !Annotations($0).isEmpty } ?? false
        if !isPrebuilt || !options.eventTypes.isEmpty {
            do throws(ObjectError) {
                try spec.annotate(file: file, given: options.eventTypes) { path in
                    (try? Files.readText(path, limit: 16 << 20))?.split(
                        separator: "\n", omittingEmptySubsequences: false
                    ).map(String.init)
                }
            } catch {
                guard error.code == .missing, !options.eventTypes.isEmpty else { throw error }
                throw ServiceError(.usage, error.message, hint: error.hint)
            }
        }
        if isPrebuilt {
            for stream in spec.streams where options.eventTypes[stream.map] != nil && !stream.rows.isEmpty {
                throw ServiceError(
                    .usage, "the object tells the rows of \(stream.map) already",
                    hint: "--event is for buffers whose rows are not known; `skep inspect` shows what is")
            }
        }
        self.spec = spec
        parameters = Parameter.all(of: spec)
    }

    private static func compile(_ path: String, _ options: Options) throws -> OwnedBytes {
        let compiler = try ClangCompiler.find(options.clang)
        options.progress("compiling \(path)")
        defer { options.progress(nil) }
        var settings = ClangCompiler.Options(includeFolder: try SharedFolder.includeFolder())
        settings.arguments = options.arguments
        settings.usesColour = Terminal.isTerminal(2) && Environment.variable("NO_COLOR") == nil
        // Only sources that include it need the kernel's types; finding that out costs less than making the header.
        if ClangCompiler.needsKernelHeader(path, settings) {
            let types = KernelTypes(path: options.kernelTypes)
            settings.kernelHeaderFolder = try KernelHeader.running(version: headerVersion) {
                options.progress("writing vmlinux.h for this kernel")
                // Our kernel headers then add only macros to it.
                var text = Array("#define SKEP_VMLINUX_H\n".utf8)
                try BTFHeaderPrinter(try types.core()).print { text += $0.utf8 }
                return text
            }.folder
            options.progress("compiling \(path)")
        }
        return try compiler.compile(path, settings)
    }

    /// Changes when the header's text changes for the same kernel.
    private static let headerVersion = 2
}
