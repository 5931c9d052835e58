// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ServiceRuntime

/// `skep list`: the prebuilt services.
struct ListCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "list", abstract: "List the prebuilt services.")
    }

    func run() throws {
        for name in ServiceLocation.prebuiltNames() { StandardOutput.write(name + "\n") }
    }
}
