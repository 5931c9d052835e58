// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

struct InspectCommand: ParsableCommand {
    static var configuration: CommandConfiguration { CommandConfiguration(commandName: "inspect") }
    func run() throws {}
}
