// SPDX-License-Identifier: Apache-2.0

public import BPFInstruction
public import BTF
import Diagnostics

/// Adapts a program to the types of the kernel that it will run on: compile once, run everywhere.
///
/// The result for every relocation is that of libbpf. Candidates for a local type are the target's types with its
/// essential name; those that fit a relocation are kept for later ones of that type, and all of them must agree. What the
/// target lacks poisons the instruction, which is no error: the program may never reach it.
///
/// ```swift
/// var relocator = CORERelocator(local: object, target: CORETarget(name: "vmlinux", table: kernel))
/// let report = try relocator.relocate(&instructions, with: records, program: "on_exec")
/// ```
///
/// One relocator serves all programs of an object, because candidates are found once a type.
public struct CORERelocator {
    /// Candidates for one local type.
    private struct Candidate {
        let types: CORETypes
        let target: String
        let id: BTFTypeID
    }

    private let local: CORETypes
    private let main: (name: String, types: CORETypes)?
    private let modules: () -> [CORETarget]
    private var loadedModules: [(name: String, types: CORETypes)]?
    private var candidates: [BTFTypeID: [Candidate]] = [:]
    /// The steps that are left for all relocations.
    var work = COREMatcher.maximumWork

    /// Makes a relocator for the programs of one object.
    ///
    /// - Parameters:
    ///   - local: the object's own types.
    ///   - target: the kernel's types. Without, only ids of local types can be resolved.
    ///   - modules: the types of the kernel's modules; called at most once, when `target` has no type of a name. Leave it
    ///     out when `target` is not this kernel's own.
    public init(local: BTFTable, target: CORETarget?, modules: @escaping () -> [CORETarget] = { [] }) {
        self.local = CORETypes(local)
        main = target.map { ($0.name, CORETypes($0.table)) }
        self.modules = modules
    }

    /// Resolves the relocations of a program and patches its instructions.
    ///
    /// - Parameters:
    ///   - instructions: the program; on an error some are patched already.
    ///   - records: the relocations of the section; those of other programs in it are passed over.
    ///   - sectionOffset: where `instructions` starts in the section, in bytes.
    ///   - program: the name for errors.
    /// - Returns: what became of each relocation.
    /// - Throws: ``CORERelocationError`` when a relocation is damaged or ambiguous, or does not fit its instruction.
    public mutating func relocate(
        _ instructions: inout [Instruction], with records: [CORERelocation], sectionOffset: UInt32 = 0,
        program: String = ""
    ) throws(CORERelocationError) -> [COREReportEntry] {
        var report: [COREReportEntry] = []
        for record in records {
            let offset = Int(record.instructionOffset) - Int(sectionOffset)
            let index = offset / Instruction.size
            guard offset >= 0, index < instructions.count else { continue }
            do throws(CORERelocationError) {
                guard offset % Instruction.size == 0 else {
                    throw .malformed("the relocation does not point at the start of an instruction")
                }
                report.append(try relocate(&instructions, at: index, record))
            } catch {
                var context: [DiagnosticContext] = []
                if !program.isEmpty { context.append(DiagnosticContext("program", program)) }
                context.append(DiagnosticContext("instruction", index))
                context.append(DiagnosticContext("relocation", describe(record)))
                throw error.adding(context)
            }
        }
        return report
    }

    private func describe(_ record: CORERelocation) -> String {
        let text = try? CORESpecification(parsing: record, types: local).text(for: record.kind)
        return "\(record.kind.name) of \(text ?? "type \(record.type)") (\(record.accessString))"
    }

    private mutating func relocate(
        _ instructions: inout [Instruction], at index: Int, _ record: CORERelocation
    ) throws(CORERelocationError) -> COREReportEntry {
        let specification = try CORESpecification(parsing: record, types: local)
        let resolution: COREResolution
        var matched: [CORECandidate] = []
        if record.kind == .typeIDLocal {
            resolution = try COREResolution(local: specification, target: specification, kind: .typeIDLocal)
        } else {
            resolution = try resolve(specification, record, &matched)
        }
        let poison = try COREPatch(resolution: resolution, index: index).apply(to: &instructions)
        return COREReportEntry(
            instructionIndex: index, kind: record.kind, localType: record.type,
            accessor: specification.text(for: record.kind), localValue: resolution.local,
            targetValue: poison == nil ? resolution.target : nil, poison: poison, candidates: matched)
    }

    private mutating func resolve(
        _ specification: CORESpecification, _ record: CORERelocation, _ matched: inout [CORECandidate]
    ) throws(CORERelocationError) -> COREResolution {
        var survivors: [Candidate] = []
        var first: (resolution: COREResolution, bitOffset: Int)?
        for candidate in try candidates(for: record) {
            var matcher = COREMatcher(local: local, target: candidate.types, work: work)
            defer { work = matcher.work }
            guard let found = try matcher.match(specification, kind: record.kind, candidate: candidate.id) else {
                continue
            }
            let resolution = try COREResolution(local: specification, target: found, kind: record.kind)
            let name = (try? candidate.types.table.name(candidate.id)) ?? ""
            matched.append(CORECandidate(target: candidate.target, id: candidate.id, name: name))
            if let first {
                guard found.bitOffset == first.bitOffset, resolution.target == first.resolution.target else {
                    throw ambiguous(matched, first, (resolution, found.bitOffset))
                }
            } else {
                first = (resolution, found.bitOffset)
            }
            survivors.append(candidate)
        }
        guard let first else { return try COREResolution(local: specification, target: nil, kind: record.kind) }
        candidates[record.type] = survivors
        return first.resolution
    }

    private typealias Answer = (resolution: COREResolution, bitOffset: Int)

    private func ambiguous(_ matched: [CORECandidate], _ first: Answer, _ second: Answer) -> CORERelocationError {
        func text(_ answer: Answer) -> String {
            answer.bitOffset == 0 && first.bitOffset == second.bitOffset
                ? "value \(answer.resolution.target.map(String.init) ?? "none")" : "bit offset \(answer.bitOffset)"
        }
        let names = matched.map { "\($0.name) [\($0.id)] in \($0.target)" }.joined(separator: ", ")
        return CORERelocationError(
            .ambiguous, "types of one name disagree: \(text(first)) and \(text(second))",
            context: [DiagnosticContext("candidates", names)],
            hint: "declare a local flavour (`struct name___mine`) with a member that only the wanted type has, and use "
                + "that member first")
    }

    /// The candidates for a relocation's type, those that earlier relocations ruled out left out.
    private mutating func candidates(for record: CORERelocation) throws(CORERelocationError) -> [Candidate] {
        if let known = candidates[record.type] { return known }
        let type = try local.type(record.type)
        guard !type.name.isEmpty, let kind = type.kind else {
            throw CORERelocationError(
                .unsupported, "types without a name cannot be relocated",
                hint: "give the structure, union or enumeration a name")
        }
        guard let main else {
            throw CORERelocationError(
                .missingTarget, "the program needs the kernel's types (BTF), and there are none",
                hint: "run a kernel built with CONFIG_DEBUG_INFO_BTF, or give a BTF file for this kernel")
        }
        let name = EssentialName.of(type.name)
        var found = find(name, kind, in: main)
        if found.isEmpty {
            if loadedModules == nil { loadedModules = modules().map { ($0.name, CORETypes($0.table)) } }
            for module in loadedModules ?? [] {
                let first = module.types.table.firstTypeID
                found += find(name, kind, in: module).filter { $0.id >= first }
            }
        }
        candidates[record.type] = found
        return found
    }

    private func find(
        _ name: Substring, _ kind: BTFKind, in target: (name: String, types: CORETypes)
    ) -> [Candidate] {
        let table = target.types.table
        return table.ids(essentiallyNamed: name)
            .filter { id in
                guard let other = table.kind(id) else { return false }
                return other == kind || (other.isEnumeration && kind.isEnumeration)
            }
            .map { Candidate(types: target.types, target: target.name, id: $0) }
    }
}
