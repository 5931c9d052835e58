// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BPF
import BPFObject
import ServiceRuntime

/// How keys and values are written on the command line.
struct EntryForm: ParsableArguments {
    @Flag(help: "Keys and values are bytes in hex, whatever the map's types are.")
    var hex = false
}

/// `skep map lookup`
struct MapLookupCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "lookup", abstract: "Show the value of a key.",
            discussion: """
                KEY is written in the form of its type: 42, 10.0.0.1, or a=1,b=2 for a structure. Without types it is
                bytes in hex.
                """)
    }

    @Argument(help: "A number, a name, or the path where it is pinned.")
    var map: String

    @Argument(help: "The key.")
    var key: String

    @OptionGroup var form: EntryForm

    @Flag(help: "One JSON object a line.")
    var json = false

    func run() throws {
        let entries = try MapEntries(try LiveSelection.map(map))
        let bytes = try entries.key(from: key, isHex: form.hex)
        guard let entry = try entries.map.entry(for: bytes) else {
            throw ServiceError(.notFound, "the map \(map) has no key \(key)")
        }
        try entries.write([entry], json: json, sums: false)
    }
}

/// `skep map update`
struct MapUpdateCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "update", abstract: "Set the value of a key.",
            discussion: """
                Key and value are written in the form of their types; without types they are bytes in hex. Maps of maps
                take a map, and program arrays a program, by number, name or path. Each CPU gets the same value.
                """)
    }

    @Argument(help: "A number, a name, or the path where it is pinned.")
    var map: String

    @Argument(help: "The key.")
    var key: String

    @Argument(help: "The value.")
    var value: String

    @Option(help: "any, add (the key must be new) or replace (the key must be there).")
    var mode: Mode = .any

    @OptionGroup var form: EntryForm

    enum Mode: String, ExpressibleByArgument {
        case any, add, replace
    }

    func run() throws {
        let live = try LiveSelection.map(map)
        let entries = try MapEntries(live)
        let bytes = try entries.key(from: key, isHex: form.hex)
        let mode: UntypedMap.UpdateMode =
            switch mode {
            case .any: .any
            case .add: .add
            case .replace: .replace
            }
        if live.kind.holdsMaps {
            let inner = try LiveSelection.map(value)
            return try withExtendedLifetime(inner) {
                try entries.map.setValue(Self.word(inner.rawDescriptor), for: bytes, mode: mode)
            }
        }
        if live.kind == .programArray {
            let program = try LiveSelection.program(value)
            return try withExtendedLifetime(program) {
                try entries.map.setValue(Self.word(program.rawDescriptor), for: bytes, mode: mode)
            }
        }
        try entries.map.setValue(try entries.value(from: value, isHex: form.hex), for: bytes, mode: mode)
    }

    private static func word(_ number: Int32) -> [UInt8] { withUnsafeBytes(of: number) { Array($0) } }
}

/// `skep map delete`
struct MapDeleteCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "delete", abstract: "Remove a key.")
    }

    @Argument(help: "A number, a name, or the path where it is pinned.")
    var map: String

    @Argument(help: "The key.")
    var key: String

    @OptionGroup var form: EntryForm

    func run() throws {
        let live = try LiveSelection.map(map)
        if live.kind == .array || live.kind == .perCPUArray {
            throw ServiceError(
                .usage, "the entries of the \(live.kind) \(map) cannot be removed",
                hint: "set them to zero with `skep map update`")
        }
        let entries = try MapEntries(live)
        let bytes = try entries.key(from: key, isHex: form.hex)
        guard try entries.map.removeValue(for: bytes) else {
            throw ServiceError(.notFound, "the map \(map) has no key \(key)")
        }
    }
}
