// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ServiceRuntime

/// What of a service is loaded, and with which maps and values. `skep run` and `skep test` take the same.
struct ObjectArguments: ParsableArguments {
    @Option(help: ArgumentHelp("Load only this program; can be given several times.", valueName: "name"))
    var program: [String] = []

    @Option(help: ArgumentHelp("Show the entries of a map; can be given several times.", valueName: "name"))
    var map: [String] = []

    @Flag(help: "Show the variables of .data and .bss.")
    var state = false

    @Option(help: ArgumentHelp("Set a variable of .data or .bss before the start.", valueName: "name=value"))
    var set: [Assignment] = []

    @Option(
        help: ArgumentHelp(
            "Use a loaded map instead of the service's own: its number, name or path.", valueName: "name=map"))
    var useMap: [Assignment] = []

    @Option(
        help: ArgumentHelp("Where maps that ask for it are pinned, instead of /sys/fs/bpf.", valueName: "folder"))
    var pinFolder: String?

    @Option(help: ArgumentHelp("The bpffs whose delegated rights are used (BPF token).", valueName: "folder"))
    var token: String?

    @Option(help: ArgumentHelp("A value of the kernel's configuration.", valueName: "name=value"))
    var kconfig: [Assignment] = []

    /// Adds all of it to what a run is asked for.
    func apply(to run: inout RunOptions) {
        run.programs = program
        run.maps = map
        run.showsState = state
        run.state = set.map { ($0.name, $0.value) }
        run.targets.replacedMaps = useMap.map { ($0.name, $0.value) }
        run.pinFolder = pinFolder
        run.token = token
        run.kernelConfiguration = Dictionary(kconfig.map { ($0.name, $0.value) }) { $1 }
    }

    /// The options as they were written, for `skep run` in a guest.
    var words: [String] {
        func assignments(_ name: String, _ values: [Assignment]) -> [String] {
            values.map { "--\(name)=\($0.name)=\($0.value)" }
        }
        return program.map { "--program=\($0)" } + map.map { "--map=\($0)" } + (state ? ["--state"] : [])
            + assignments("set", set) + assignments("use-map", useMap)
            + (pinFolder.map { ["--pin-folder=\($0)"] } ?? [])
            + (token.map { ["--token=\($0)"] } ?? []) + assignments("kconfig", kconfig)
    }
}
