// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BPF
import BPFObject
import Linux
import ServiceRuntime

/// `skep prog run`
struct ProgramRunCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "run", abstract: "Run a program on a packet or context of yours, without attaching it.",
            discussion: """
                OBJECT is a service: a name, a .bpf.c, a .o, or a folder. With --loaded it is a program that is loaded
                already: its number, name, tag, or path.
                Data and contexts are the name of a file, or bytes in hex.

                skep prog run filter.bpf.c --prog on_frame --data frame.bin --repeat 100000
                skep prog run --loaded 42 --data 000000000000000000000000080045
                """)
    }

    @Argument(help: "The service, or with --loaded a loaded program.")
    var object: String

    @Option(name: .customLong("prog"), help: "The program's name; needed where the object has several.")
    var program: String?

    @Flag(help: "The program is loaded already.")
    var loaded = false

    @Option(help: ArgumentHelp("The packet.", valueName: "file|hex"))
    var data: String?

    @Option(help: ArgumentHelp("The context.", valueName: "file|hex"))
    var context: String?

    @Option(name: .customLong("repeat"), help: "How often to run; the duration is the mean.")
    var repetitions: UInt32 = 1

    @Option(help: "The CPU to run on, for raw tracepoints.")
    var cpu: UInt32?

    @Flag(help: "Carry XDP verdicts out: frames are really passed on, sent back or redirected.")
    var live = false

    @Option(help: "Live frames that are handled at a time.")
    var batchSize: UInt32 = 0

    @Option(help: ArgumentHelp("The network namespace to run in: a path, or a name of `ip netns`.", valueName: "netns"))
    var netns: String?

    @Flag(help: "One JSON object.")
    var json = false

    @OptionGroup var compiler: CompilerOptions

    func run() throws {
        var options = TestRunOptions()
        options.data = try data.map { try Self.bytes($0, "--data") } ?? []
        options.context = try context.map { try Self.bytes($0, "--context") } ?? []
        options.repetitions = repetitions
        options.cpu = cpu
        options.isLive = live
        options.batchSize = batchSize
        let outcome = try loaded ? runLoaded(options) : runObject(options)
        StandardOutput.write(json ? Self.object(outcome).encoded + "\n" : Self.text(outcome, options))
    }

    private func runLoaded(_ options: TestRunOptions) throws -> TestRunOutcome {
        let program = try LiveSelection.program(object)
        return try inNamespace { () throws(BPFError) in try program.testRun(options) }
    }

    private func runObject(_ options: TestRunOptions) throws -> TestRunOutcome {
        var preparation = PreparedService.Options()
        preparation.clang = compiler.clang
        preparation.arguments = compiler.arguments
        let spec = try PreparedService(ServiceLocation.find(object), options: preparation).spec
        let names = spec.programs.map(\.name)
        guard let name = program ?? (names.count == 1 ? names[0] : nil), names.contains(name) else {
            throw ServiceError(
                .usage, program.map { "there is no program \($0)" } ?? "the object has several programs",
                hint: "name one with --prog: \(names.joined(separator: ", "))")
        }
        var loading = LoadOptions()
        loading.programs = [name]
        let program = try LoadedObject(spec, options: loading).program(named: name)
        return try inNamespace { () throws(BPFError) in try program.testRun(options) }
    }

    private func inNamespace(
        _ body: @escaping @Sendable () throws(BPFError) -> TestRunOutcome
    ) throws -> TestRunOutcome {
        guard let netns else { return try body() }
        let path = netns.contains("/") ? netns : "/run/netns/\(netns)"
        guard Files.exists(path) else { throw ServiceError(.notFound, "there is no network namespace \(path)") }
        let result = try NetworkNamespace.path(path).run { () throws(LinuxError) -> Result<TestRunOutcome, BPFError> in
            do throws(BPFError) { return .success(try body()) } catch { return .failure(error) }
        }
        return try result.get()
    }

    /// A file's bytes, or hex digits.
    private static func bytes(_ text: String, _ option: String) throws -> [UInt8] {
        if Files.isRegular(text) { return try Files.read(text, limit: 1 << 20) }
        guard let bytes = HexText.bytes(text) else {
            throw ServiceError(.usage, "\(option) is neither a file nor bytes in hex: \(text.prefix(60))")
        }
        return bytes
    }

    private static func text(_ outcome: TestRunOutcome, _ options: TestRunOptions) -> String {
        let value = outcome.returnValue
        var text = LiveText.details([
            ("returned", "\(value)" + (outcome.verdict.map { " (\($0))" } ?? "")),
            ("duration", outcome.nanoseconds == 0 ? "" : LiveText.duration(UInt64(outcome.nanoseconds)) + " a run"),
            ("runs", options.repetitions > 1 ? "\(options.repetitions)" : ""),
        ])
        if !outcome.data.isEmpty { text += "data, \(outcome.data.count) bytes\n" + HexText.dump(outcome.data) }
        if !outcome.context.isEmpty {
            text += "context, \(outcome.context.count) bytes\n" + HexText.dump(outcome.context)
        }
        return text
    }

    private static func object(_ outcome: TestRunOutcome) -> JSONText {
        .object([
            ("return_value", .number(Int64(outcome.returnValue))),
            ("verdict", outcome.verdict.map { .text($0) } ?? .null),
            ("duration_ns", .number(Int64(outcome.nanoseconds))), ("data", .text(HexText.digits(outcome.data))),
            ("context", .text(HexText.digits(outcome.context))),
        ])
    }
}
