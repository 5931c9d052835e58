// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

struct TypesCommand: ParsableCommand {
    static var configuration: CommandConfiguration { CommandConfiguration(commandName: "btf") }
    func run() throws {}
}
