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
        if let ability = KernelRequirement.sleeping(hook), !has(ability) {
            throw BPFError(
                .notSupported,
                KernelRequirement.loading(hook)?.lack
                    ?? "this kernel, \(KernelVersion.current), does not let \(hook.name) programs sleep",
                context: context, hint: KernelRequirement.hint)
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
        var module: SharedDescriptor?
        if let replacement = options.replacement, hook.family == .replacement || hook.family == .tracing {
            let function = replacement.function ?? program.target ?? ""
            request.attachType = try replacement.type(named: function)
            request.attachTarget = replacement.program.descriptor.rawValue
        } else if hook.family == .replacement {
            throw BPFError(
                .invalidArgument, "the program \(program.name) replaces a function, but of which program is not said",
                context: context, hint: "give the loaded program with --replace ID")
        } else if let type = hook.kernelType {
            let target = try KernelTarget.find(type, of: hook, target: program.target, kernelTypes: idTypes)
            request.attachType = target.id
            if let name = target.module { module = try externals.descriptor(ofModule: name) }
            request.attachTarget = module?.descriptor.rawValue
        }
        let probes = hook.family == .userStaticProbe ? staticProbes : nil
        if probes != nil, Self.hasMultiUprobes { request.expectedAttachType = Self.multiUprobeAttachType }
        if let place = structOpsPrograms[program.name] {
            request.attachType = place.kernel.type.rawValue
            request.expectedAttachType = UInt32(clamping: place.member)
            request.attachTarget = place.module?.descriptor.rawValue
        }
        request.fileDescriptors =
            externals.modules.isEmpty ? [] : [0] + externals.modules.map { $0.descriptor.rawValue }
        addInformation(of: linked, context: hook.kind.contextName, to: &request)
        adapt(&request)
        return try withExtendedLifetime(module) { () throws(BPFError) in
            Program(
                spec: program, descriptor: try load(program, linked, request, context),
                expectedAttachType: request.expectedAttachType, staticProbes: probes,
                boundInterface: request.interfaceIndex == 0 ? nil : options.boundDevice?.interface)
        }
    }

    /// `BPF_TRACE_UPROBE_MULTI`: one link for all places of a static probe.
    private static let multiUprobeAttachType: UInt32 = 48

    private static let hasMultiUprobes =
        Feature.links.first { $0.name == "uprobe_multi" }?.probe().outcome == .available
        && Feature.multiUprobesFilterProcesses

    private mutating func load(
        _ program: ProgramSpec, _ linked: LinkedProgram, _ request: ProgramLoad, _ context: [DiagnosticContext]
    ) throws(BPFError) -> FileDescriptor {
        let code = linked.instructions
        var log = options.verifierLogLevel == 0 ? nil : VerifierLog(level: options.verifierLogLevel, capacity: 1 << 20)
        do throws(LinuxError) {
            let descriptor = try loadLogged(request, code, &log)
            if let log { report.entries.append(.verifierLog(program: program.name, text: log.text)) }
            return descriptor
        } catch {
            if !request.signature.isEmpty, let explained = signatureError(error, program, context) { throw explained }
            // Logging costs time, so it is asked for only now that something is to be told.
            return try loadAgain(request, program, linked, after: error, context)
        }
    }

    /// Loads with a log, if one is wanted; the kernel refuses a program whose log does not fit, so it then gets more room.
    private func loadLogged(
        _ request: ProgramLoad, _ code: [Instruction], _ log: inout VerifierLog?
    ) throws(LinuxError) -> FileDescriptor {
        do throws(LinuxError) {
            return try loadOnce(request, code, &log)
        } catch {
            guard let written = log, written.isTruncated else { throw error }
            let capacity = min(max(written.trueSize ?? 0, 1 << 24), Self.maximumLogSize)
            log = VerifierLog(level: options.verifierLogLevel, capacity: capacity)
            return try loadOnce(request, code, &log)
        }
    }

    private func loadAgain(
        _ request: ProgramLoad, _ program: ProgramSpec, _ linked: LinkedProgram, after first: LinuxError,
        _ context: [DiagnosticContext]
    ) throws(BPFError) -> FileDescriptor {
        var failure = first
        var capacity = 1 << 16
        while true {
            var log: VerifierLog? = VerifierLog(level: 1, capacity: capacity)
            do throws(LinuxError) {
                // What failed before may succeed now: a signal or a lack of memory has passed.
                return try loadOnce(request, linked.instructions, &log)
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
        // An old kernel refuses what it does not know in many ways, some of which look like faults of the program.
        if let lack = KernelRequirement.loading(program.hook)?.lack {
            return BPFError(.notSupported, lack, context: context, hint: KernelRequirement.hint, cause: error)
        }
        let missing = linked.references.compactMap { reference -> String? in
            guard case .kernelFunction(let name) = reference.target else { return nil }
            if case .typed? = externals.resolutions[name] { return nil }
            return name
        }
        let lack = ProgramRequirement.lack(of: program.name, kind: program.hook?.kind, linked, missing: missing)
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
                    lack ?? "this kernel does not support the \(program.hook?.name ?? "") program \(program.name)",
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
        // A kernel that does not know callbacks counts the functions wrongly, and says no more than that.
        let isUncounted = report.summary.contains("number of funcs in func_info")
        // A verifier that did not begin does not know the hook.
        let isUnknown = report.isEnvironment || log.contains("processed 0 insns")
        let needsCookies = report.summary.contains("func") && report.summary.hasSuffix("#174")  // bpf_get_attach_cookie
        let explanation =
            (report.isEnvironment || isUncounted ? lack : nil)
            ?? (isUnknown ? KernelRequirement.loading(program.hook)?.lack : nil)
            ?? (needsCookies ? KernelRequirement.cookies(of: program.hook)?.lack : nil)
            ?? (report.summary.hasSuffix(" is not sleepable")
                ? KernelRequirement.sleepLack(at: program.target ?? "this function") : nil)
        if let explanation {
            return BPFError(
                .notSupported, explanation, context: context, hint: report.hint ?? KernelRequirement.hint,
                detail: report.text, cause: error)
        }
        return BPFError(
            report.isEnvironment ? .notSupported : .rejected,
            "the verifier rejects the program \(program.name): \(report.summary)", context: context,
            hint: report.hint, detail: report.text)
    }

    // MARK: - References

    /// Writes the numbers of maps, variables and kernel symbols into the instructions.
    func resolve(_ linked: inout LinkedProgram) throws(BPFError) {
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

    private func addInformation(of linked: LinkedProgram, context: String?, to request: inout ProgramLoad) {
        guard let descriptor = typesDescriptor?.descriptor.rawValue,
            linked.functions.allSatisfy({ $0.type != nil })
        else { return }
        request.btf = descriptor
        let contextTypes = context.flatMap { contextFunctions[$0] } ?? [:]
        for placement in linked.functions {
            request.functionInformation.append(UInt32(placement.start), order: .host)
            let type = placement.start == 0 ? placement.type : contextTypes[placement.name] ?? placement.type
            request.functionInformation.append(type?.rawValue ?? 0, order: .host)
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
