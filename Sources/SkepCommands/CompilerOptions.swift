// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// How sources are compiled.
struct CompilerOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The compiler, instead of $CLANG or clang on PATH.", valueName: "path"))
    var clang: String?

    @Option(name: .customLong("include"), help: ArgumentHelp("A further folder of headers.", valueName: "folder"))
    var includes: [String] = []

    @Option(name: .customLong("define"), help: ArgumentHelp("A macro for the source.", valueName: "name=value"))
    var definitions: [String] = []

    @Option(help: ArgumentHelp("A further argument for clang, as in --cflag=-O1.", valueName: "argument"))
    var cflag: [String] = []

    /// The arguments for clang.
    var arguments: [String] {
        includes.flatMap { ["-I", $0] } + definitions.map { "-D\($0)" } + cflag
    }
}
