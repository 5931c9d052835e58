// SPDX-License-Identifier: Apache-2.0

public import Bytes
import Linux

/// Compiles C sources to eBPF objects with clang.
///
/// ```swift
/// let compiler = try ClangCompiler.find()
/// let object = try compiler.compile("opensnoop.bpf.c", options)
/// ```
public struct ClangCompiler: Sendable {
    /// The path of clang.
    public let path: String

    /// What a compilation needs beside the source.
    public struct Options: Sendable {
        /// The folder that holds `vmlinux.h`, if the source wants it.
        public var kernelHeaderFolder: String?
        /// The folder that holds `bpf/bpf_helpers.h` and the kernel's user-space headers.
        public var includeFolder: String
        /// Further arguments for clang, after all others.
        public var arguments: [String] = []
        /// Whether messages are coloured.
        public var usesColour = false
        /// The longest time a compilation may take, in milliseconds.
        public var timeLimit: Int32 = 120_000
        /// The machine that the object is for, as `uname -m` names it.
        public var architecture = KernelVersion.architecture

        /// Makes options with a folder of headers.
        public init(includeFolder: String) {
            self.includeFolder = includeFolder
        }
    }

    /// The largest object that is accepted, in bytes.
    private static let maximumObjectSize = 256 << 20

    /// Finds clang.
    ///
    /// - Parameter given: a path or name that the caller prefers; else `$CLANG`, else `clang` on `PATH`.
    /// - Throws: ``ClangError`` when there is none.
    public static func find(_ given: String? = nil) throws(ClangError) -> ClangCompiler {
        if let wanted = given ?? Environment.variable("CLANG"), !wanted.isEmpty {
            if let path = search(wanted) { return ClangCompiler(path: path) }
            throw ClangError(
                .noCompiler, "there is no compiler \(wanted)", hint: "--clang and $CLANG name clang's path")
        }
        // Debian's packages of one version install that version's name only.
        for name in ["clang"] + (14...25).reversed().map({ "clang-\($0)" }) {
            if let path = search(name) { return ClangCompiler(path: path) }
        }
        // The Swift toolchain carries a clang that knows eBPF.
        if let swift = search("swift"),
            let folder = swift.split(separator: "/").dropLast().joined(separator: "/") as String?,
            Files.exists("/\(folder)/clang")
        {
            return ClangCompiler(path: "/\(folder)/clang")
        }
        throw ClangError(
            .noCompiler, "compiling a source needs clang, and there is none on PATH",
            hint:
                "use the clang of a Swift toolchain with --clang PATH, or `apt install clang`; prebuilt services need none"
        )
    }

    private static func search(_ name: String) -> String? {
        if name.contains("/") { return Files.isExecutable(name) ? name : nil }
        let folders = (Environment.variable("PATH") ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":")
        return folders.map { "\($0)/\(name)" }.first { Files.isExecutable($0) }
    }

    /// Compiles a source.
    ///
    /// - Returns: the object's bytes, with debug information.
    /// - Throws: ``ClangError`` with clang's own messages when the source does not compile.
    public func compile(_ source: String, _ options: Options) throws(ClangError) -> OwnedBytes {
        guard Files.exists(source) else { throw ClangError(.noSource, "there is no file \(source)") }
        do throws(LinuxError) {
            let folder = try TemporaryFolder()
            defer { folder.remove() }
            let output = folder.path + "/object.o"
            let folders = try Self.projectFolders(source, options, temporary: folder.path)
            var result = try run(arguments(source, output, options, folders), options)
            if !result.isSuccess, Self.wantsKernelTypes(result.errors) {
                // Sources for a kernel tree expect its short names of integers; others define them in their own way.
                let again = try run(
                    arguments(source, output, options, folders, ["-include", Self.kernelTypes]), options)
                if again.isSuccess { result = again }
            }
            let messages = String(decoding: result.errors, as: UTF8.self)
            if result.isSuccess {
                warnings(messages)
                return OwnedBytes(try Files.read(output, limit: Self.maximumObjectSize))
            }
            throw LinuxError(.illegalBytes, call: "clang", explanation: messages)
        } catch {
            throw failure(error, source)
        }
    }

    private func run(_ arguments: [String], _ options: Options) throws(LinuxError) -> ChildProcess.Output {
        var command = ChildProcess.Command(path, arguments)
        command.environment = nil
        let result = try ChildProcess.run(command, timeLimit: options.timeLimit, outputLimit: 16 << 20)
        if result.wasStopped {
            throw LinuxError(.timedOut, call: "clang", explanation: "it did not end in \(options.timeLimit / 1000) s")
        }
        return result
    }

    /// The header of the include folder that defines what kernel headers define and user-space ones do not.
    private static let kernelTypes = "skep/kernel_types.h"

    /// Whether messages say that a name of ``kernelTypes`` is missing.
    private static func wantsKernelTypes(_ messages: [UInt8]) -> Bool {
        let text = String(decoding: messages, as: UTF8.self)
        let names = [
            "u8", "u16", "u32", "u64", "s8", "s16", "s32", "s64", "bool", "AF_INET", "AF_INET6", "SOL_SOCKET",
            "SOL_TCP",
            "SOL_IP", "SOL_IPV6", "TASK_COMM_LEN", "__force", "size_t",
        ]
        return names.contains {
            text.contains("unknown type name '\($0)'") || text.contains("undeclared identifier '\($0)'")
        }
    }

    /// The folders of the source's project that hold headers it includes.
    private static func projectFolders(
        _ source: String, _ options: Options, temporary: String
    ) throws(LinuxError) -> [String] {
        let search = HeaderSearch(source, given: includedFolders(options), known: systemFolders(options))
        var folders = search.folders
        guard options.kernelHeaderFolder != nil, !search.kernelHeaderNames.isEmpty else { return folders }
        // Folders deep enough that a name may begin with ../ and still end in the temporary folder.
        let root = temporary + "/vmlinux/1/2/3"
        for name in search.kernelHeaderNames {
            let path = root + "/" + name
            guard name.split(separator: "/").filter({ $0 == ".." }).count <= 3, !name.hasPrefix("/") else { continue }
            try Files.makeFolders(root)
            try Files.makeFolders(String(path.dropLast("vmlinux.h".count + 1)))
            try Files.write(Array("#include <vmlinux.h>\n".utf8), to: path)
        }
        folders.append(root)
        return folders
    }

    private static func systemFolders(_ options: Options) -> [String] {
        [
            options.includeFolder, options.includeFolder + "/bpf", "/usr/include/\(options.architecture)-linux-gnu",
            "/usr/include",
        ]
    }

    /// The folders that the caller's arguments name.
    private static func includedFolders(_ options: Options) -> [String] {
        var folders: [String] = []
        for (index, argument) in options.arguments.enumerated() {
            if argument == "-I", index + 1 < options.arguments.count {
                folders.append(options.arguments[index + 1])
            } else if argument.hasPrefix("-I") {
                folders.append(String(argument.dropFirst(2)))
            }
        }
        return folders
    }

    /// Whether a source, or a header of its own, includes `vmlinux.h`, so that the header must be made.
    public static func needsKernelHeader(_ source: String, _ options: Options) -> Bool {
        HeaderSearch(source, given: includedFolders(options), known: systemFolders(options)).wantsKernelHeader
    }

    private func failure(_ error: LinuxError, _ source: String) -> ClangError {
        guard error.call == "clang" else {
            return ClangError(.rejected, "cannot run \(path)", cause: error)
        }
        if error.errno == .timedOut {
            return ClangError(.timeLimit, "\(path) takes too long to compile \(source)", cause: error)
        }
        let messages = String(error.message.drop { $0 != ":" }.dropFirst(2))
        if messages.contains("unknown target triple") || messages.contains("No available targets") {
            return ClangError(
                .noCompiler, "\(path) does not know the target bpf",
                hint: "use the clang of a Swift toolchain, or LLVM 12 and newer, with --clang PATH", detail: messages)
        }
        return ClangError(.rejected, "\(source) does not compile", hint: Self.hint(for: messages), detail: messages)
    }

    private static func hint(for messages: String) -> String? {
        guard messages.contains("file not found") else { return nil }
        return "add folders of headers with --include FOLDER"
    }

    /// Warnings do not stop a service, but belong to its author.
    private func warnings(_ text: String) {
        guard !text.isEmpty else { return }
        try? FileDescriptor.write(Array(text.utf8), to: 2)
    }

    private func arguments(
        _ source: String, _ output: String, _ options: Options, _ folders: [String], _ further: [String] = []
    ) -> [String] {
        var arguments = [
            "--target=bpf", "-g", "-O2", "-mcpu=v2", "-D__TARGET_ARCH_\(Self.targetName(options.architecture))",
            // What kernel headers and current tools do on purpose.
            "-Wno-unknown-attributes", "-Wno-missing-declarations", "-Wno-compare-distinct-pointer-types",
            "-Wno-address-of-packed-member", "-Wno-gnu-variable-sized-type-not-at-end", "-nostdlibinc",
        ]
        if options.usesColour { arguments.append("-fcolor-diagnostics") }
        let folder = source.lastIndex(of: "/").map { String(source[..<$0]) } ?? "."
        arguments += ["-I", folder.isEmpty ? "/" : folder]
        for folder in folders { arguments += ["-I", folder] }
        if let header = options.kernelHeaderFolder { arguments += ["-isystem", header] }
        arguments += ["-isystem", options.includeFolder]
        // Older sources write <bpf_helpers.h>.
        for folder in Self.systemFolders(options).dropFirst() { arguments += ["-idirafter", folder] }
        arguments += further
        arguments += options.arguments
        return arguments + ["-c", source, "-o", output]
    }

    /// The architecture's name in `__TARGET_ARCH_…`.
    static func targetName(_ machine: String) -> String {
        switch machine {
        case "x86_64", "i686": "x86"
        case "aarch64": "arm64"
        case "riscv64": "riscv"
        case "s390x": "s390"
        case "ppc64le", "ppc64": "powerpc"
        case "loongarch64": "loongarch"
        default: machine
        }
    }
}
