// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

struct BuildCommand: ParsableCommand {
    static var configuration: CommandConfiguration { CommandConfiguration(commandName: "build") }
    func run() throws {}
}
