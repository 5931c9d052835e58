// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Writes the table of helpers and their C declarations from a table of facts.
///
/// Run it at the top of the repository:
/// - `generate-helpers` writes the generated files from `Tools/Data/helpers.txt`;
/// - `generate-helpers --header FILE` first rewrites the facts from a kernel's `include/uapi/linux/bpf.h`;
/// - `generate-helpers --check` writes nothing and fails when a generated file is not current.
@main
enum GenerateHelpers {
    static let facts = "Tools/Data/helpers.txt"
    static let outputs: [(path: String, make: @Sendable ([Fact]) -> String)] = [
        (facts, factTable),
        ("Sources/BPFInstruction/Generated/HelperTable+Entries.swift", swiftTable),
        ("include/bpf/bpf_helper_defs.h", helperHeader),
    ]

    static func main() {
        do throws(GeneratorError) {
            try run(Array(CommandLine.arguments.dropFirst()))
        } catch {
            complain(error.message)
            exit(1)
        }
    }

    static func run(_ arguments: [String]) throws(GeneratorError) {
        let table: [Fact]
        var isCheck = false
        switch arguments.first {
        case nil: table = try Fact.table(try readFile(facts))
        case "--check" where arguments.count == 1:
            isCheck = true
            table = try Fact.table(try readFile(facts))
        case "--header" where arguments.count == 2: table = try Fact.header(try readFile(arguments[1]))
        default: throw GeneratorError(message: "usage: generate-helpers [--check | --header FILE]")
        }
        for output in outputs {
            let text = output.make(table)
            if isCheck {
                guard try readFile(output.path) == text else {
                    throw GeneratorError(message: "\(output.path) is not current: run generate-helpers")
                }
            } else {
                try writeFile(output.path, text)
            }
        }
    }
}
