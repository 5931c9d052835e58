// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

struct DisassembleCommand: ParsableCommand {
    static var configuration: CommandConfiguration { CommandConfiguration(commandName: "disasm") }
    func run() throws {}
}
