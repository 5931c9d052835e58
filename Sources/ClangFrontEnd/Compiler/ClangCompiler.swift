// SPDX-License-Identifier: Apache-2.0

import Bytes
import Diagnostics

/// Compiles C sources to BPF objects with the clang of the machine.
///
/// ```swift
/// let compiler = try ClangCompiler(headers: HeaderFolder.find())
/// let object = try compiler.compile(try CSource(at: "opensnoop.bpf.c"), kernelHeader: cache)
/// ```
public struct ClangCompiler: Sendable, Hashable {
    /// The path of clang.
    public let path: String
    /// The folder of headers that BPF sources expect (`bpf/bpf_helpers.h` and others).
    public let headers: String

    /// Finds clang: at `explicitPath`, else where `$CLANG` says, else on `$PATH`.
    ///
    /// - Throws: ``ClangError`` with code ``ClangError/Code/compilerMissing``.
    public init(explicitPath: String? = nil, headers: String) throws(ClangError) {
        self.headers = headers
        path = try Self.find(explicitPath)
    }

    private static func find(_ explicitPath: String?) throws(ClangError) -> String {
        let hint = "install clang 14 or newer, or name one with --clang or the variable CLANG"
        if let explicitPath {
            guard let path = program(explicitPath) else {
                throw ClangError(.compilerMissing, "'\(explicitPath)' is not a program", hint: hint)
            }
            return path
        }
        if let named = System.environment("CLANG") {
            guard let path = program(named) else {
                throw ClangError(
                    .compilerMissing, "the variable CLANG names '\(named)', which is not a program", hint: hint)
            }
            return path
        }
        // Debian's packages of one version install that version's name only.
        for name in ["clang"] + (14...25).reversed().map({ "clang-\($0)" }) {
            if let path = program(name) { return path }
        }
        throw ClangError(.compilerMissing, "there is no clang on the PATH", hint: hint)
    }

    /// The path of a program that is named by path or looked for on `$PATH`.
    private static func program(_ name: String) -> String? {
        if name.contains("/") { return System.isExecutable(name) ? name : nil }
        let folders = (System.environment("PATH") ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":")
        return folders.lazy.map { $0 + "/" + name }.first { System.isExecutable($0) }
    }

    /// Compiles a source.
    ///
    /// The kernel's header is only made when the source includes `vmlinux.h` and brings none of its own. Nothing is
    /// left behind but the cached header.
    ///
    /// - Throws: ``ClangError``: clang's refusal has code ``ClangError/Code/compilationFailed`` and clang's own output
    ///   as its detail.
    public func compile(
        _ source: CSource, options: CompilerOptions = CompilerOptions(), kernelHeader: KernelHeaderCache
    ) throws(ClangError) -> CompiledObject {
        let folder: String
        do throws(SystemError) {
            folder = try System.makeTemporaryFolder()
        } catch {
            throw ClangError(.system, "no temporary folder can be made: \(error)")
        }
        defer { System.removeFolder(folder) }

        let scanner = IncludeScanner(folders: options.includeFolders)
        let usesKernelHeader = try scanner.needsKernelHeader(source)
        let kernelFolder = usesKernelHeader ? try kernelHeader.folder(otherwise: folder) : nil
        let object = folder + "/object.o"
        let arguments = Self.arguments(
            source: source, object: object, options: options, headers: headers, kernelFolder: kernelFolder)
        let result = try run(arguments, source: source, timeLimit: options.timeLimit)
        guard result.status == 0 else { throw failure(result, source: source) }
        do throws(SystemError) {
            return CompiledObject(
                bytes: OwnedBytes(try System.contents(object, limit: 512 << 20)), warnings: result.output,
                command: [path] + arguments, usesKernelHeader: usesKernelHeader)
        } catch {
            throw ClangError(.system, "the compiled object cannot be read: \(error)")
        }
    }

    /// Clang's command line.
    static func arguments(
        source: CSource, object: String, options: CompilerOptions, headers: String, kernelFolder: String?
    ) -> [String] {
        var arguments = [
            ByteOrder.host == .little ? "--target=bpfel" : "--target=bpfeb",
            "-g", "-O2", "-mcpu=\(options.cpu)", "-D__TARGET_ARCH_\(options.architecture)",
            options.isColored ? "-fcolor-diagnostics" : "-fno-color-diagnostics",
            // What kernel headers and current tools do on purpose.
            "-Wno-unknown-attributes", "-Wno-compare-distinct-pointer-types", "-Wno-missing-declarations",
            "-Wno-address-of-packed-member", "-Wno-gnu-variable-sized-type-not-at-end",
        ]
        arguments += options.definitions.map { "-D" + $0 }
        arguments += ([source.folder] + options.includeFolders).map { "-I" + $0 }
        if let kernelFolder { arguments.append("-I" + kernelFolder) }
        arguments += ["-I" + headers, "-nostdlibinc"]
        for folder in options.systemFolders { arguments += ["-idirafter", folder] }
        arguments += options.extraArguments
        return arguments + ["-c", "-o", object, source.path]
    }

    private func run(
        _ arguments: [String], source: CSource, timeLimit: Int
    ) throws(ClangError) -> System.Result {
        let result: System.Result
        do throws(SystemError) {
            result = try System.run(path, arguments, seconds: timeLimit, limit: 1 << 20)
        } catch {
            throw ClangError(.system, "clang cannot be run: \(error)", context: [DiagnosticContext("program", path)])
        }
        guard !result.timedOut else {
            throw ClangError(
                .timedOut, "clang did not end within \(timeLimit) s",
                context: [DiagnosticContext("source", source.path)], detail: result.output)
        }
        return result
    }

    private func failure(_ result: System.Result, source: CSource) -> ClangError {
        let lacksTarget =
            result.output.contains("unable to create target") || result.output.contains("unknown target triple")
        if lacksTarget {
            return ClangError(
                .targetMissing, "this clang cannot compile for BPF", context: [DiagnosticContext("program", path)],
                detail: result.output, hint: "name another one with --clang or the variable CLANG")
        }
        let output = result.output.trimmingNewlines
        let name = source.path.split(separator: "/").last.map(String.init) ?? source.path
        return ClangError(
            .compilationFailed, "'\(name)' does not compile", context: [DiagnosticContext("source", source.path)],
            detail: output.isEmpty ? "clang ended with code \(result.status)" : output)
    }
}

extension String {
    /// The text without the line ends at its end.
    fileprivate var trimmingNewlines: String {
        var text = self[...]
        while text.last?.isNewline == true { text.removeLast() }
        return String(text)
    }
}
