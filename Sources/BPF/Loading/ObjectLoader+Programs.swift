// SPDX-License-Identifier: Apache-2.0

import BPFInstruction
import BPFObject
import BTF
import Bytes
import Diagnostics
import Linux

extension ObjectLoader {
    mutating func loadPrograms(_ selected: [ProgramSpec]) throws(BPFError) {
        for program in selected {
            do throws(BPFError) {
                programs.append(try load(program))
            } catch {
                let isRefusal = error.code == .refused || error.code == .notSupported
                guard options.skipsRefusedPrograms, isRefusal else { throw error }
                report.entries.append(.skippedProgram(name: program.name, reason: error))
            }
        }
    }

    private mutating func load(_ program: ProgramSpec) throws(BPFError) -> Program {
        let context: [DiagnosticContext] = [
            .init("object", spec.name), .init("program", program.name), .init("section", program.section),
        ]
        guard let hook = program.hook else {
            throw BPFError(
                .invalidArgument, "the section \(program.section) of the program \(program.name) names no known hook",
                context: context, hint: "sections start with names such as tracepoint/, xdp, tc or uprobe/")
        }
        var linked: LinkedProgram
        do throws(ObjectError) {
            linked = try spec.link(program: program.name, functions: functions)
        } catch {
            throw BPFError(.malformed, "cannot link the program \(program.name)", context: context, cause: error)
        }
        try resolve(&linked)

        var request = ProgramLoad(kind: hook.kind.rawValue, name: program.name, license: spec.license)
        request.expectedAttachType = hook.expectedAttachType ?? 0
        request.flags = hook.loadFlags
        request.kernelVersion = KernelVersion.current.code
        try options.boundDevice?.apply(to: &request, hook)
        if let type = hook.kernelType {
            let target = try KernelTarget.find(type, of: hook, target: program.target, kernelTypes: idTypes)
            request.attachType = target.id
        }
        if let place = structOpsPrograms[program.name] {
            request.attachType = place.kernel.type.rawValue
            request.expectedAttachType = UInt32(clamping: place.member)
            request.attachTarget = place.module?.descriptor.rawValue
        }
        request.fileDescriptors =
            externals.modules.isEmpty ? [] : [0] + externals.modules.map { $0.descriptor.rawValue }
        addInformation(of: linked, to: &request)
        adapt(&request)
        return try load(program, linked, request, context)
    }

    private mutating func load(
        _ program: ProgramSpec, _ linked: LinkedProgram, _ request: ProgramLoad, _ context: [DiagnosticContext]
    ) throws(BPFError) -> Program {
        let code = linked.instructions
        var log = options.verifierLogLevel == 0 ? nil : VerifierLog(level: options.verifierLogLevel, capacity: 1 << 20)
        do throws(LinuxError) {
            let descriptor = try loadOnce(request, code, &log)
            if let log { report.entries.append(.verifierLog(program: program.name, text: log.text)) }
            return Program(spec: program, descriptor: descriptor)
        } catch {
            if !request.signature.isEmpty, let explained = signatureError(error, program, context) { throw explained }
            // Logging costs time, so it is asked for only now that something is to be told.
            return try loadAgain(request, program, linked, after: error, context)
        }
    }

    private func loadAgain(
        _ request: ProgramLoad, _ program: ProgramSpec, _ linked: LinkedProgram, after first: LinuxError,
        _ context: [DiagnosticContext]
    ) throws(BPFError) -> Program {
        var failure = first
        var capacity = 1 << 16
        while true {
            var log: VerifierLog? = VerifierLog(level: 1, capacity: capacity)
            do throws(LinuxError) {
                // What failed before may succeed now: a signal or a lack of memory has passed.
                return Program(spec: program, descriptor: try loadOnce(request, linked.instructions, &log))
            } catch {
                guard let written = log, written.isTruncated, capacity < Self.maximumLogSize else {
                    if error.errno != .noSpace { failure = error }
                    throw loadError(failure, program, linked, log: log?.text ?? "", context)
                }
                capacity = min(max(written.trueSize ?? 0, capacity * 4), Self.maximumLogSize)
            }
        }
    }

    /// The kernel allows 1 GiB; the end of the log, which is what matters, comes long before.
    private static var maximumLogSize: Int { 1 << 26 }

    private func loadOnce(
        _ request: ProgramLoad, _ code: [Instruction], _ log: inout VerifierLog?
    ) throws(LinuxError) -> FileDescriptor {
        let bytes = Instruction.encode(code, order: .host)
        // The kernel looks for a program's device in the namespace of the thread that loads it.
        if let device = options.boundDevice, request.interfaceIndex != 0 {
            return try device.load(request, bytes, &log)
        }
        return try BPFSystemCall.loadProgram(request, instructions: bytes, log: &log)
    }

    private func loadError(
        _ error: LinuxError, _ program: ProgramSpec, _ linked: LinkedProgram, log: String,
        _ context: [DiagnosticContext]
    ) -> BPFError {
        if let missing = missingMap(inLog: log) {
            return BPFError(
                missing.code, missing.message, context: context + missing.context,
                hint: missing.hint, detail: "the verifier gets to code that uses a map that was not created")
        }
        if log.isEmpty {
            if error.errno == .tooBig, linked.instructions.count > 4096 {
                return BPFError(
                    .notSupported,
                    "the program \(program.name) has \(linked.instructions.count) instructions, and this kernel takes "
                        + "4096 from this process",
                    context: context,
                    hint: "Linux 5.2 takes a million from processes with CAP_BPF; split the program with tail calls",
                    cause: error)
            }
            switch error.errno {
            case .notPermitted, .permissionDenied:
                return BPFError.refusal(
                    error,
                    "this machine does not permit loading the \(program.hook?.name ?? "") program \(program.name)",
                    context)
            case .invalidArgument, .notSupported, .kernelNotSupported, .tooBig:
                return BPFError(
                    .notSupported,
                    KernelRequirement.loading(program.hook)?.lack
                        ?? "this kernel does not support the \(program.hook?.name ?? "") program \(program.name)",
                    context: context, hint: "`skep features` lists what this kernel can do", cause: error)
            default:
                return BPFError.system(error, "cannot load the program \(program.name)", context: context)
            }
        }
        let report = VerifierReport(
            program: program.name, log: log, linked: linked, functions: functions, types: spec.types,
            notes: linked.functions.flatMap { placement in
                (poisons[placement.name] ?? []).map { (placement.start + $0.instruction, $0.text) }
            })
        return BPFError(
            report.isEnvironment ? .notSupported : .rejected,
            "the verifier rejects the program \(program.name): \(report.summary)", context: context,
            hint: report.hint, detail: report.text)
    }

    // MARK: - References

    /// Writes the numbers of maps, variables and kernel symbols into the instructions.
    private func resolve(_ linked: inout LinkedProgram) throws(BPFError) {
        for reference in linked.references {
            let index = reference.instruction
            switch reference.target {
            case .function, .functionAddress: continue
            case .map(let name) where missingMaps[name] != nil, .mapValue(let name, _) where missingMaps[name] != nil:
                poison(&linked.instructions, index, map: name)
            case .map(let name):
                set(&linked.instructions, index, source: 1, UInt32(bitPattern: try descriptor(of: name)))
            case .mapValue(let name, let offset):
                set(&linked.instructions, index, source: 2, UInt32(bitPattern: try descriptor(of: name)), offset)
            case .kernelFunction(let name):
                guard case .typed(let id, let module)? = externals.resolutions[name] else {
                    // The verifier refuses this call only if it gets there.
                    linked.instructions[index] = .unknownKernelFunctionCall
                    continue
                }
                linked.instructions[index].source = 2
                linked.instructions[index].immediate = Int32(bitPattern: id)
                linked.instructions[index].offset = Int16(clamping: module.map { $0 + 1 } ?? 0)
            case .external(let name):
                switch externals.resolutions[name] {
                case .configuration(let map, let offset):
                    set(&linked.instructions, index, source: 2, UInt32(bitPattern: try descriptor(of: map)), offset)
                case .typed(let id, let module):
                    let types = module.map { externals.modules[$0].descriptor.rawValue } ?? 0
                    set(&linked.instructions, index, source: 3, id, UInt32(bitPattern: types))
                case .address(let address):
                    set(
                        &linked.instructions, index, source: 0, UInt32(truncatingIfNeeded: address),
                        UInt32(truncatingIfNeeded: address >> 32))
                case .missing, nil:
                    set(&linked.instructions, index, source: 0, 0)
                }
            }
        }
    }

    private func descriptor(of name: String) throws(BPFError) -> Int32 {
        guard let map = maps[name] else {
            throw BPFError(.notFound, "the map \(name) does not exist", context: [.init("object", spec.name)])
        }
        return map.rawDescriptor
    }

    private func set(
        _ code: inout [Instruction], _ index: Int, source: UInt8, _ low: UInt32, _ high: UInt32 = 0
    ) {
        guard index + 1 < code.count else { return }
        code[index].source = source
        code[index].immediate = Int32(bitPattern: low)
        code[index + 1].immediate = Int32(bitPattern: high)
    }

    // MARK: - Function and line information

    private func addInformation(of linked: LinkedProgram, to request: inout ProgramLoad) {
        guard let descriptor = typesDescriptor?.descriptor.rawValue,
            linked.functions.allSatisfy({ $0.type != nil })
        else { return }
        request.btf = descriptor
        for placement in linked.functions {
            request.functionInformation.append(UInt32(placement.start), order: .host)
            request.functionInformation.append(placement.type?.rawValue ?? 0, order: .host)
        }
        request.functionInformationRecordSize = 8
        var lines: [UInt8] = []
        for placement in linked.functions {
            let records = functions[placement.name]?.lines ?? []
            // The kernel wants a line at each function's start; without one it takes none at all.
            guard records.first?.instructionOffset == 0 else { return }
            for line in records {
                lines.append(UInt32(placement.start) + line.instructionOffset, order: .host)
                lines.append(line.fileNameOffset, order: .host)
                lines.append(line.lineOffset, order: .host)
                lines.append(line.line << 10 | (line.column & 0x3ff), order: .host)
            }
        }
        request.lineInformation = lines
        request.lineInformationRecordSize = 16
    }
}

extension Instruction {
    /// A call of a helper that does not exist; the number tells the verifier's log what happened.
    static let unknownKernelFunctionCall = Instruction(opcode: 0x85, immediate: 2_002_000_000)
}
