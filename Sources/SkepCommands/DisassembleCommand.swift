// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BPFInstruction
import BPFObject
import BTF
import ServiceRuntime

/// `skep disasm`: the instructions of an object with source lines and names.
struct DisassembleCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "disasm", abstract: "Show the instructions of a service, with their source lines.")
    }

    @Argument(help: "The service: a name, a .bpf.c, a .o, or a folder.")
    var service: String

    @Option(help: ArgumentHelp("Only this function; can be given several times.", valueName: "name"))
    var function: [String] = []

    @Flag(help: "Leave out source lines.")
    var plain = false

    @OptionGroup var compiler: CompilerOptions

    func run() throws {
        var options = PreparedService.Options()
        options.clang = compiler.clang
        options.arguments = compiler.arguments
        let spec = try PreparedService(ServiceLocation.find(service), options: options).spec
        for name in function where spec.functions[name] == nil {
            throw ServiceError(
                .usage, "there is no function \(name)",
                hint: "there are " + spec.functions.keys.sorted().joined(separator: ", "))
        }
        let functions = spec.functions.values
            .filter { function.isEmpty || function.contains($0.name) }
            .sorted { ($0.section, $0.sectionOffset) < ($1.section, $1.sectionOffset) }
        for function in functions {
            StandardOutput.write("\n\(function.name) (\(function.section)):\n" + listing(function, spec.types))
        }
    }

    private func listing(_ function: FunctionSpec, _ types: BTFTable?) -> String {
        let references = Dictionary(function.references.map { ($0.instruction, $0.target) }) { first, _ in first }
        var sources: [Int: [String]] = [:]
        if !plain, let types {
            var last: (UInt32, UInt32)?
            for line in function.lines {
                // Several expressions of one line follow each other; the line is shown for the first.
                if let last, last == (line.fileNameOffset, line.line) { continue }
                last = (line.fileNameOffset, line.line)
                let file = ((try? types.string(at: line.fileNameOffset)) ?? "?").split(separator: "/").last ?? "?"
                let text = (try? types.string(at: line.lineOffset)) ?? ""
                let trimmed = text.drop { $0.isWhitespace }
                sources[Int(line.instructionOffset), default: []].append("\(trimmed) @ \(file):\(line.line)")
            }
        }
        return Disassembler().listing(of: function.instructions) { slot, operation in
            var annotation = InstructionAnnotation(source: sources[slot] ?? [])
            if let target = references[slot] {
                annotation.remark = remark(target)
            } else if case .callHelper(let id)? = operation {
                annotation.remark = HelperTable.helper(id: id)?.name
            }
            return annotation
        }
    }

    private func remark(_ target: FunctionSpec.Reference.Target) -> String {
        switch target {
        case .map(let name): "map \(name)"
        case .mapValue(let map, let offset): "\(map) + \(offset)"
        case .function(let name): name
        case .functionAddress(let name): "address of \(name)"
        case .external(let name): "external \(name)"
        case .kernelFunction(let name): "kernel function \(name)"
        }
    }
}
