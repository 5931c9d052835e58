// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

struct FeaturesCommand: ParsableCommand {
    static var configuration: CommandConfiguration { CommandConfiguration(commandName: "features") }
    func run() throws {}
}
