// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BPF
import BPFInstruction
import BPFObject
import Linux
import ServiceRuntime

/// `skep prog dump`
struct ProgramDumpCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "dump",
            abstract: "Show a program's instructions as the verifier left them, or its machine code.")
    }

    @Argument(help: "A number, a name, a tag, or the path where it is pinned.")
    var program: String

    @Flag(help: "The machine code in hex, function by function.")
    var jited = false

    @Flag(help: "The bytes themselves, to be written to a file.")
    var raw = false

    @Flag(help: "One JSON object a line for each instruction, or each function of the machine code.")
    var json = false

    func validate() throws {
        if raw, json { throw ValidationError("--raw and --json exclude each other") }
    }

    func run() throws {
        let program = try LiveSelection.program(program)
        if jited { return try dumpMachineCode(program) }
        if raw {
            let bytes = try program.code().translated
            guard !bytes.isEmpty else { throw try hidden(program) }
            StandardOutput.write(bytes: bytes)
            return
        }
        let listing = try ProgramListing(program)
        if json {
            for line in Disassembler().lines(of: listing.instructions) {
                let annotation = listing.annotations[line.slot]
                let words = (line.slot..<line.slot + line.slotCount).map { slot in
                    Instruction.encode([listing.instructions[slot]], order: .host)
                }
                StandardOutput.write(
                    JSONText.object([
                        ("index", .number(Int64(line.slot))), ("bytes", .text(HexText.digits(words.flatMap { $0 }))),
                        ("text", .text(line.text)), ("function", annotation?.symbol.map { .text($0) } ?? .null),
                        ("source", .list((annotation?.source ?? []).map { .text($0) })),
                        ("remark", annotation?.remark.map { .text($0) } ?? .null),
                    ]).encoded + "\n")
            }
        } else {
            StandardOutput.write(listing.text)
        }
    }

    private func hidden(_ program: LiveProgram) throws -> ServiceError {
        ServiceError(
            .notPermitted, "the kernel does not show the code of the program \(program.id)",
            hint: "run as root; the sysctl net.core.bpf_jit_harden and kernel.kptr_restrict hide code too")
    }

    private func dumpMachineCode(_ program: LiveProgram) throws {
        let code = try program.code()
        if program.information.jitedSize == 0, !code.translated.isEmpty {
            throw ServiceError(
                .notSupported, "the program \(program.id) has no machine code: the kernel interprets it",
                hint: "the sysctl net.core.bpf_jit_enable turns compiling on")
        }
        guard !code.jited.isEmpty, code.jited.contains(where: { $0 != 0 }) else { throw try hidden(program) }
        if raw { return StandardOutput.write(bytes: code.jited) }
        let names = (try? ProgramListing(program))?.functionNames ?? []
        var start = 0
        let sizes = code.functionSizes.isEmpty ? [UInt32(code.jited.count)] : code.functionSizes
        for (index, size) in sizes.enumerated() {
            let bytes = Array(code.jited.dropFirst(start).prefix(Int(size)))
            let name = index < names.count ? names[index] : index == 0 ? program.name : "function \(index)"
            let address = index < code.functionAddresses.count ? code.functionAddresses[index] : 0
            if json {
                StandardOutput.write(
                    JSONText.object([
                        ("function", .text(name)), ("offset", .number(Int64(start))),
                        ("size", .number(Int64(bytes.count))),
                        ("address", address == 0 ? .null : .text("0x" + String(address, radix: 16))),
                        ("bytes", .text(HexText.digits(bytes))),
                    ]).encoded + "\n")
            } else {
                let place = address == 0 ? "" : " at 0x" + String(address, radix: 16)
                StandardOutput.write(
                    "\(index > 0 ? "\n" : "")\(name): \(bytes.count) bytes, offset \(start)\(place)\n"
                        + HexText.dump(bytes))
            }
            start += Int(size)
        }
    }
}
