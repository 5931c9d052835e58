// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BPF
import BTF
import Bytes
import ELF
import Linux
import ServiceRuntime

/// `skep btf`: the types of the kernel, of a module, or of a file.
struct TypesCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "btf", abstract: "Show types: the kernel's, a module's or a file's (BTF).",
            subcommands: [
                TypesListCommand.self, TypesShowCommand.self, Header.self, Dump.self,
                TypesMinimizeCommand.self,
            ])
    }

    /// Which types are shown.
    struct Source: ParsableArguments {
        @Argument(help: "A file of BTF, an object or vmlinux with a .BTF section, or a module's name; else the kernel.")
        var file: String?

        @Option(help: "The number of loaded types, from `skep btf list`.")
        var id: UInt32?

        func table() throws -> BTFTable {
            if let id { return try LiveTypes(id: id).table() }
            guard let file else { return try KernelTypes.running.core() }
            if !Files.exists(file), !file.contains("/"),
                let module = try KernelTypes.running.modules().first(where: { $0.name == file })
            {
                return module.table
            }
            do {
                return try Self.table(of: file)
            } catch let error as BTFError {
                throw ServiceError(.failed, "\(file) holds no types", cause: error)
            } catch let error as ELFError {
                throw ServiceError(.failed, "\(file) holds no types", cause: error)
            }
        }

        private static func table(of file: String) throws -> BTFTable {
            let bytes = try InputFile.map(file)
            guard bytes.span.integer(at: 0, as: UInt32.self, order: .big) == 0x7f45_4c46 else {
                return try BTFTable(bytes)
            }
            let object = try ELFFile(bytes)
            guard let section = object.section(named: ".BTF") else {
                throw ServiceError(.failed, "\(file) has no types (no section .BTF)", hint: "compile it with -g")
            }
            return try BTFTable(try object.contents(of: section))
        }
    }

    /// `skep btf header`
    struct Header: ParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(commandName: "header", abstract: "Write the types as a C header: vmlinux.h.")
        }

        @OptionGroup var source: Source

        func run() throws {
            var text = ""
            try BTFHeaderPrinter(try source.table()).print { part in
                text += part
                if text.utf8.count > 1 << 18 {
                    StandardOutput.write(text)
                    text = ""
                }
            }
            StandardOutput.write(text)
        }
    }

    /// `skep btf dump`
    struct Dump: ParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(commandName: "dump", abstract: "List the types, or those of a name.")
        }

        @OptionGroup var source: Source

        @Option(help: "Only types of this name.")
        var name: String?

        func run() throws {
            let table = try source.table()
            let printer = BTFListPrinter(table)
            guard let name else {
                var text = ""
                try printer.print { part in
                    text += part
                    if text.utf8.count > 1 << 18 {
                        StandardOutput.write(text)
                        text = ""
                    }
                }
                StandardOutput.write(text)
                return
            }
            let ids = table.ids(named: name)
            guard !ids.isEmpty else {
                throw ServiceError(
                    .notFound, "there is no type \(name)",
                    hint: "names are exact; `skep btf dump | grep -i NAME` searches")
            }
            for id in ids { try printer.print(id) { StandardOutput.write($0) } }
        }
    }
}
