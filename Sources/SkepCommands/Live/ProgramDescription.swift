// SPDX-License-Identifier: Apache-2.0

import BPF
import BPFObject
import Linux

/// A loaded program as a row of a table, as lines of details, and as JSON.
struct ProgramDescription {
    private let program: LiveProgram
    private let surroundings: LiveSurroundings
    private let runs: ProgramRuns?

    /// - Parameter runs: what was counted for this command; else the kernel's own counters are shown, where they run.
    init(_ program: LiveProgram, _ surroundings: LiveSurroundings, runs: ProgramRuns?) {
        self.program = program
        self.surroundings = surroundings
        let information = program.information
        self.runs =
            runs
            ?? (information.runCount > 0
                ? ProgramRuns(count: information.runCount, nanoseconds: information.runTime) : nil)
    }

    private var mean: UInt64? { runs.flatMap { $0.count > 0 ? $0.nanoseconds / $0.count : nil } }

    /// The cells of `skep prog list`.
    var cells: [String] {
        let information = program.information
        return [
            "\(program.id)", program.kind.description, program.name, program.tag, LiveText.age(information.loadTime),
            "\(information.userID)", runs.map { "\($0.count)" } ?? "",
            runs.map { LiveText.duration($0.nanoseconds) } ?? "", mean.map { LiveText.duration($0) } ?? "",
            LiveText.bytes(program.memory), information.mapIDs.map { "\($0)" }.joined(separator: ","),
            information.btfID == 0 ? "" : "\(information.btfID)", surroundings.holderText(.program, program.id),
            surroundings.paths(.program, program.id).joined(separator: ","),
        ]
    }

    /// All details, one a line.
    var text: String {
        let information = program.information
        let maps = information.mapIDs.map { id in
            let name = (try? LiveMap(id: id))?.information.name ?? ""
            return name.isEmpty ? "\(id)" : "\(name) (\(id))"
        }
        return LiveText.details([
            ("id", "\(program.id)"), ("kind", program.kind.description), ("name", program.name), ("tag", program.tag),
            ("licence", information.isGPLCompatible ? "compatible with the GPL" : "not compatible with the GPL"),
            ("loaded", "\(LiveText.date(information.loadTime)), \(LiveText.age(information.loadTime)) ago"),
            ("user", "\(information.userID)"),
            ("instructions", information.translatedSize == 0 ? "" : "\(information.translatedSize / 8)"),
            (
                "verified",
                information.verifiedInstructions == 0 ? "" : "\(information.verifiedInstructions) instructions"
            ),
            ("machine code", information.jitedSize == 0 ? "none: interpreted" : "\(information.jitedSize) bytes"),
            ("memory", program.memory.map { "\($0) bytes" } ?? ""),
            ("runs", runs.map { "\($0.count)" } ?? ""),
            ("run time", runs.map { LiveText.duration($0.nanoseconds) } ?? ""),
            ("mean", mean.map { LiveText.duration($0) } ?? ""),
            ("missed", information.recursionMisses == 0 ? "" : "\(information.recursionMisses) runs"),
            ("maps", maps.joined(separator: ", ")),
            ("btf", information.btfID == 0 ? "" : "\(information.btfID)"),
            ("attaches to", attachTarget),
            ("held by", surroundings.holderText(.program, program.id)),
            ("pinned", surroundings.paths(.program, program.id).joined(separator: ", ")),
        ])
    }

    private var attachTarget: String {
        let (object, type) = program.information.attachBTF
        return type == 0 ? "" : "type \(type) of BTF \(object)"
    }

    /// The object that `docs/json.md` describes.
    var json: JSONText {
        let information = program.information
        func number(_ value: some BinaryInteger) -> JSONText { .number(Int64(clamping: value)) }
        let (object, type) = information.attachBTF
        return .object(
            [
                ("id", number(program.id)), ("kind", .text(program.kind.description)), ("name", .text(program.name)),
                ("tag", .text(program.tag)), ("gpl_compatible", .boolean(information.isGPLCompatible)),
                ("loaded", .text(LiveText.date(information.loadTime))), ("uid", number(information.userID)),
                ("translated_bytes", number(information.translatedSize)),
                ("machine_code_bytes", number(information.jitedSize)),
                ("memory_bytes", program.memory.map { number($0) } ?? .null),
                ("verified_instructions", number(information.verifiedInstructions)),
                ("run_count", runs.map { number($0.count) } ?? .null),
                ("run_time_ns", runs.map { number($0.nanoseconds) } ?? .null),
                ("recursion_misses", number(information.recursionMisses)),
                ("map_ids", .list(information.mapIDs.map { number($0) })),
                ("btf_id", information.btfID == 0 ? .null : number(information.btfID)),
                ("attach_btf_id", type == 0 ? .null : number(object)),
                ("attach_type_id", type == 0 ? .null : number(type)),
            ] + surroundings.json(.program, program.id))
    }
}
