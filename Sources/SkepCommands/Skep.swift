// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
import ClangFrontEnd
import Diagnostics
import Linux
import ServiceRuntime

/// The command line of `skep`: one subcommand a file.
public struct Skep: ParsableCommand {
    /// What `skep --version` prints.
    public static let version = "0.1.0"

    /// The command's description and its subcommands.
    public static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "skep",
            abstract: "Builds, runs and inspects eBPF services.",
            discussion: """
                skep run opensnoop            files that processes open
                skep run my.bpf.c             compile, load, attach and show what a source sends
                skep build my.bpf.c -o my.o   prepare an object that runs without a compiler

                Exit codes: 0 done, 1 failed, 2 bad usage, 3 not permitted, 4 not supported by this kernel.
                """,
            version: version,
            subcommands: [
                RunCommand.self, BuildCommand.self, InspectCommand.self, DisassembleCommand.self,
                FeaturesCommand.self, TypesCommand.self, ListCommand.self,
                ProgramCommand.self, MapCommand.self, LinkCommand.self,
                TestCommand.self, KernelsCommand.self,
            ])
    }

    /// Makes the command.
    public init() {}

    /// Runs the command that the process's arguments name, and ends the process with its exit code.
    public static func start() -> Never {
        Processes.ignoreBrokenPipes()
        actAsGuest()
        do {
            try requireKnownCommand()
            var command = try Skep.parseAsRoot()
            try command.run()
            Processes.exit(0)
        } catch let error as ClangError where error.code == .rejected {
            // Clang's messages stay as they are, so that editors find their way to the lines.
            StandardError.write(
                (error.detail ?? "") + "skep: \(error.message)" + (error.hint.map { "\n  hint: \($0)" } ?? "") + "\n")
            Processes.exit(error.failure.exitCode)
        } catch let error as any DiagnosticError {
            StandardError.write("skep: " + error.report + "\n")
            Processes.exit(error.failure.exitCode)
        } catch {
            // What the argument parser says: help and versions are no failures, bad usage is.
            let isFailure = Skep.exitCode(for: error) != .success
            let text = Skep.fullMessage(for: error)
            let line = text.hasPrefix("Error: ") ? "skep: " + text.dropFirst(7) : text
            if !text.isEmpty { (isFailure ? StandardError.write : StandardOutput.write)(line + "\n") }
            Processes.exit(isFailure ? FailureKind.usage.exitCode : 0)
        }
    }

    /// The first word must be a command; a service's name is the most likely other one.
    private static func requireKnownCommand() throws {
        guard let word = CommandLine.arguments.dropFirst().first, !word.hasPrefix("-"), word != "help",
            !configuration.subcommands.contains(where: { $0.configuration.commandName == word })
        else { return }
        let isService = (try? ServiceLocation.find(word)) != nil
        throw ServiceError(
            .usage, "there is no command \(word)",
            hint: isService ? "to run the service: skep run \(word)" : "`skep --help` lists the commands")
    }

    /// In a guest of `skep test` this program is the whole user space; anywhere else this returns at once.
    private static func actAsGuest() {
        let word = CommandLine.arguments.dropFirst().first
        guard Processes.current == 1 || word == GuestService.word || word == GuestTest.nothing,
            let plan = TestPlan.ofThisGuest()
        else { return }
        if word == GuestTest.nothing { Processes.exit(0) }
        if word == GuestService.word { GuestService.run(plan) }
        if Processes.current == 1 { GuestTest.run(plan) }
    }
}
