// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Guest
import Linux

/// `skep kernels`: the kernels that `skep test` boots.
struct KernelsCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "kernels",
            abstract: "List and fetch the kernels that `skep test` boots.",
            discussion: """
                Kernels are Debian's, checked against the signatures of its archive keyring. They are unpacked into
                \(KernelCache().folder) and never installed.

                skep kernels fetch 5.10 6.1 newest
                skep kernels list
                """,
            subcommands: [KernelsListCommand.self, KernelsFetchCommand.self])
    }
}

/// `skep kernels list`: the kernels in the cache, and with `--offered` those that the mirror has.
struct KernelsListCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "list", abstract: "List the kernels that are there, or can be had.")
    }

    @Flag(help: "Ask the mirror which kernels it has, one of every series.")
    var offered = false

    @Option(help: ArgumentHelp("The Debian mirror, instead of the one in apt's sources.", valueName: "url"))
    var mirror: String?

    @Flag(help: "One JSON object a kernel.")
    var json = false

    func run() throws {
        let cache = KernelCache()
        var rows: [[String]] = []
        for kernel in cache.kernels {
            let modules = kernel.hasModules ? "yes" : "no"
            rows.append([kernel.series, kernel.release, kernel.version.description, modules, "here"])
        }
        if offered {
            let fetcher = try KernelFetcher(cache: cache, mirror: try .find(mirror)) {
                StandardError.write("skep: \($0)\n")
            }
            for offer in try fetcher.bestOffers() where !cache.kernels.contains(where: { $0.release == offer.release })
            {
                rows.append([
                    offer.series, offer.release, offer.version.description, offer.hasModules ? "yes" : "no",
                    "\((offer.size + 500_000) / 1_000_000) MB to fetch",
                ])
            }
        }
        if json {
            for row in rows {
                StandardOutput.write(
                    JSONText.object([
                        ("kernel", .text(row[0])), ("release", .text(row[1])), ("version", .text(row[2])),
                        ("modules", .boolean(row[3] == "yes")), ("fetched", .boolean(row[4] == "here")),
                    ]).encoded + "\n")
            }
            return
        }
        guard !rows.isEmpty else {
            StandardError.write("skep: no kernels are in \(cache.folder); `skep kernels fetch` brings some\n")
            return
        }
        let table = TextTable(["KERNEL", "RELEASE", "VERSION", "MODULES", "STATE"], rows)
        StandardOutput.write(table.text(width: TextTable.terminalWidth))
    }
}

/// `skep kernels fetch`: brings kernels into the cache.
struct KernelsFetchCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "fetch",
            abstract: "Fetch kernels from a Debian mirror.",
            discussion: """
                SERIES is a series (6.1), a version (6.12.90), `newest`, or `all` for one of every series; by default 5.10,
                6.1, 6.12 and the newest. What is there already stays, unless --update is given.
                """)
    }

    @Argument(help: "The kernels to fetch.")
    var series: [String] = []

    @Option(help: ArgumentHelp("The Debian mirror, instead of the one in apt's sources.", valueName: "url"))
    var mirror: String?

    @Flag(help: "Replace kernels by newer ones of their series.")
    var update = false

    @Option(help: ArgumentHelp("A file that names the exact kernels.", valueName: "path"))
    var lock: String?

    @Flag(help: "Write the newest kernels into the file that --lock names, after fetching them.")
    var updateLock = false

    @Flag(help: "One JSON object a kernel.")
    var json = false

    func validate() throws {
        if updateLock, lock == nil { throw ValidationError("--update-lock needs --lock PATH.") }
    }

    func run() throws {
        let locked = try lock.flatMap { path in
            updateLock && !Files.exists(path) ? nil : try KernelLock(path: path)
        }
        let fetcher = try KernelFetcher(cache: KernelCache(), mirror: try .find(mirror), lock: locked) {
            StandardError.write("skep: \($0)\n")
        }
        let wanted = series.isEmpty ? ["5.10", "6.1", "6.12", "newest"] : series
        let results = try fetcher.fetch(wanted, updates: update || updateLock)
        if updateLock, let lock { try Files.write(Array(fetcher.updatedLock.text.utf8), to: lock) }
        for result in results {
            if json {
                StandardOutput.write(
                    JSONText.object([
                        ("kernel", .text(result.series)), ("release", result.kernel.map { .text($0.release) } ?? .null),
                        ("note", result.note.map { .text($0) } ?? .null),
                    ]).encoded + "\n")
                continue
            }
            let state = result.kernel.map { "\($0.release) is in \($0.folder)" } ?? "cannot be had"
            StandardOutput.write("\(result.series): \(state)\(result.note.map { " (\($0))" } ?? "")\n")
        }
        if results.contains(where: { $0.kernel == nil }) { Processes.exit(1) }
    }
}
