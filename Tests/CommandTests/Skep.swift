// SPDX-License-Identifier: Apache-2.0

import Glibc
import Linux
import TestSupport

/// The built `skep` program, with a folder of headers from this tree and small services to run.
enum Skep {
    /// What a run left.
    struct Answer {
        let code: Int32
        let output: String
        let errors: String

        /// The lines of standard output.
        var lines: [String] { output.split(separator: "\n").map(String.init) }
    }

    private static let products = BuiltProducts.folder

    static let program = products + "/skep"

    /// The working directory of all runs, made once for a run of the tests.
    static let workspace: String = {
        let folder = products + "/command-tests"
        let source = "/" + "\(#filePath)".split(separator: "/").dropLast(3).joined(separator: "/")
        for name in ["", "/share", "/share/services", "/cache", "/none", "/several", "/single", "/folder.o"] {
            try? Files.makeFolders(folder + name)
        }
        _ = symlink(source + "/include", folder + "/share/include")
        _ = mkfifo(folder + "/pipe.o", 0o644)
        for (name, text) in ServiceSources.all { try? Files.write(Array(text.utf8), to: "\(folder)/\(name)") }
        try? Files.write([], to: folder + "/empty.o")
        try? Files.write(Array("no object\n".utf8), to: folder + "/text.o")
        for name in ["opens", "mixed"] {
            let build = ChildProcess.Command(program, ["build", "\(name).bpf.c", "-o", "share/services/\(name).o"])
            _ = try? run(build, in: folder, [:])
        }
        if let object = try? Files.read(folder + "/share/services/opens.o") {
            try? Files.write(Array(object.prefix(object.count / 2)), to: folder + "/truncated.o")
        }
        return folder
    }()

    /// Runs `skep` to its end.
    static func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Answer {
        try run(ChildProcess.Command(program, arguments), in: workspace, environment)
    }

    /// Runs a shell script in which `$skep` is the program.
    static func script(_ text: String, environment: [String: String] = [:]) throws -> Answer {
        try run(ChildProcess.Command("/bin/sh", ["-c", text]), in: workspace, environment)
    }

    private static func run(
        _ command: ChildProcess.Command, in folder: String, _ extra: [String: String]
    ) throws -> Answer {
        var command = command
        command.directory = folder
        command.environment = environment(folder, extra).map { "\($0)=\($1)" }
        let result = try ChildProcess.run(command, timeLimit: 120_000)
        var code: Int32 = -1
        if case .exited(let status) = result.ending, !result.wasStopped { code = status }
        return Answer(
            code: code, output: String(decoding: result.output, as: UTF8.self),
            errors: String(decoding: result.errors, as: UTF8.self))
    }

    /// A small environment, so that the person's own does not matter.
    private static func environment(_ folder: String, _ extra: [String: String]) -> [String: String] {
        let own = [
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": folder,
            "SKEP_SHARE": folder + "/share", "XDG_CACHE_HOME": folder + "/cache", "CLANG": CompiledC.clang,
            "skep": program, "TERM": "xterm-256color",
        ]
        return own.merging(extra) { $1 }
    }
}

/// A process that opens /etc/hostname again and again; it ends with this value.
struct Workload: ~Copyable {
    private let child: ChildProcess

    init() throws {
        child = try ChildProcess.start(
            .init("/bin/sh", ["-c", "while :; do : < /etc/hostname; sleep 0.02; done"]))
    }

    /// The number of the process, as an argument.
    var number: String { "\(child.number)" }
}
