// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BPF
import BPFObject
import Linux
import ServiceRuntime

/// `skep prog`: programs that are loaded in the kernel, whoever loaded them.
struct ProgramCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "prog",
            abstract: "Look at the programs that are loaded in the kernel, or run one on test data.",
            discussion: "PROGRAM is a number, a name, a tag, or the path where it is pinned.",
            subcommands: [
                ProgramListCommand.self, ProgramShowCommand.self, ProgramDumpCommand.self, ProgramRunCommand.self,
                ProgramPinCommand.self,
            ])
    }
}

/// Counting of runs for a while.
struct StatisticsOption: ParsableArguments {
    @Option(help: "Count the runs of all programs for so long first: 2s, 500ms.")
    var stats: Nanoseconds?

    /// Runs of each program during the time, or `nil` when none was asked for.
    func measure() throws -> [UInt32: ProgramRuns]? {
        guard let stats else { return nil }
        let statistics = try RunStatistics()
        let before = Dictionary(try LiveObjects.programs().map { ($0.id, $0.information) }) { first, _ in first }
        Clock.sleep(stats.value)
        var found: [UInt32: ProgramRuns] = [:]
        for program in try LiveObjects.programs() {
            let (now, old) = (program.information, before[program.id])
            found[program.id] = ProgramRuns(
                count: now.runCount &- (old?.runCount ?? 0), nanoseconds: now.runTime &- (old?.runTime ?? 0))
        }
        statistics.end()
        return found
    }
}

/// How often a program ran, and for how long altogether.
struct ProgramRuns {
    var count: UInt64
    var nanoseconds: UInt64
}

/// `skep prog list`
struct ProgramListCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "list", abstract: "List the loaded programs.")
    }

    @Flag(help: "One JSON object a line for each program.")
    var json = false

    @OptionGroup var statistics: StatisticsOption

    func run() throws {
        let runs = try statistics.measure()
        let programs = try LiveObjects.programs()
        let surroundings = LiveSurroundings()
        if json {
            for program in programs {
                StandardOutput.write(
                    ProgramDescription(program, surroundings, runs: runs?[program.id]).json.encoded + "\n")
            }
            return
        }
        var table = TextTable([
            .init(title: "id", isRight: true), .init(title: "kind"), .init(title: "name"),
            .init(title: "tag", priority: 2), .init(title: "age", priority: 6, isRight: true),
            .init(title: "uid", priority: 1, isRight: true), .init(title: "runs", priority: 10, isRight: true),
            .init(title: "time", priority: 11, isRight: true), .init(title: "mean", priority: 12, isRight: true),
            .init(title: "memory", priority: 5, isRight: true), .init(title: "maps", priority: 4),
            .init(title: "btf", priority: 3, isRight: true), .init(title: "held by", priority: 8),
            .init(title: "pinned", priority: 7),
        ])
        for program in programs {
            let description = ProgramDescription(program, surroundings, runs: runs?[program.id])
            table.add(description.cells)
        }
        StandardOutput.write(table.text(width: TextTable.terminalWidth))
    }
}

/// `skep prog show`
struct ProgramShowCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "show", abstract: "Show all that the kernel tells about a program.")
    }

    @Argument(help: "A number, a name, a tag, or the path where it is pinned.")
    var program: String

    @Flag(help: "One JSON object a line.")
    var json = false

    @OptionGroup var statistics: StatisticsOption

    func run() throws {
        let programs = try LiveSelection.programs(program)
        let runs = try statistics.measure()
        let surroundings = LiveSurroundings()
        for (index, program) in programs.enumerated() {
            let description = ProgramDescription(program, surroundings, runs: runs?[program.id])
            if json {
                StandardOutput.write(description.json.encoded + "\n")
            } else {
                StandardOutput.write((index > 0 ? "\n" : "") + description.text)
            }
        }
    }
}

/// `skep prog pin`
struct ProgramPinCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "pin", abstract: "Keep a program alive by a path of a bpffs.")
    }

    @Argument(help: "A number, a name, a tag, or the path where it is pinned.")
    var program: String

    @Argument(help: "The path, in a mounted bpffs.")
    var path: String

    func run() throws {
        try LiveSelection.program(program).pin(at: path)
    }
}
