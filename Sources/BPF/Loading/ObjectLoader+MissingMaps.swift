// SPDX-License-Identifier: Apache-2.0

import BPFInstruction
import BPFObject
import Diagnostics
import Linux

/// Maps that the kernel does not have, and what that means for programs.
///
/// A source may offer a ring buffer and a perf buffer and choose by what the kernel has. The verifier then never gets to the
/// code that uses the other one, so that its map need not exist: instead of the map's number the instruction says which map
/// is missing, and the program loads.
extension ObjectLoader {
    /// The number of the first helper that stands for a missing map; the map's index in the description is added.
    static let missingMapBase: Int32 = 2_001_000_000

    /// Whether a map is not made here, because the caller does not want it or it is made elsewhere.
    mutating func isLeftOut(_ map: MapSpec) -> Bool {
        if map.structOps != nil { return true }
        if map.section != nil, options.replacedMaps[map.name] == nil, !has(.globalData) {
            leaveOut(
                map,
                BPFError(
                    .notSupported, "global variables need Linux 5.2, this is \(KernelVersion.current)",
                    context: [.init("map", map.name)],
                    hint: "constants that are read where they are named still work; keep state in maps"))
            return true
        }
        guard options.uncreatedMaps.contains(map.name) || !map.isCreatedByDefault else { return false }
        leaveOut(map, BPFError(.notSupported, "the map \(map.name) is not wanted", context: [.init("map", map.name)]))
        return true
    }

    /// Makes a map, unless the kernel does not have its kind.
    mutating func createUnlessMissing(_ map: MapSpec, cpus: Int) throws(BPFError) -> UntypedMap? {
        if options.withheld.contains(.map(map.kind)) {
            leaveOut(map, Self.lacking(map, cause: nil))
            return nil
        }
        do throws(BPFError) {
            return try create(map, cpus: cpus)
        } catch {
            guard error.code == .notSupported, map.section == nil, !map.kind.holdsMaps, !has(.map(map.kind)) else {
                throw error
            }
            leaveOut(map, Self.lacking(map, cause: error))
            return nil
        }
    }

    private mutating func leaveOut(_ map: MapSpec, _ reason: BPFError) {
        missingMaps[map.name] = reason
        report.entries.append(.missingMap(name: map.name, reason: reason))
    }

    private static func lacking(_ map: MapSpec, cause: BPFError?) -> BPFError {
        let current = KernelVersion.current
        let minimum = KernelAbility.map(map.kind).minimumVersion
        let reason = minimum.flatMap { current < $0 ? "\(map.kind) maps need Linux \($0), this is \(current)" : nil }
        return BPFError(
            .notSupported, reason ?? "this kernel has no \(map.kind) maps", context: [.init("map", map.name)],
            hint: "`skep features` lists what this kernel can do", cause: cause)
    }

    /// Writes into an instruction that its map does not exist: the verifier refuses it only if it gets there.
    func poison(_ code: inout [Instruction], _ index: Int, map name: String) {
        let number = spec.maps.firstIndex { $0.name == name } ?? 0
        let call = Instruction(opcode: 0x85, immediate: Self.missingMapBase + Int32(clamping: number))
        guard index + 1 < code.count else { return }
        code[index] = call
        code[index + 1] = call
    }

    /// The map that the verifier missed, when its log ends with an instruction that says so.
    func missingMap(inLog log: String) -> BPFError? {
        guard !missingMaps.isEmpty else { return nil }
        for line in log.split(separator: "\n").reversed() {
            guard let start = line.firstRange(of: "unknown#")?.upperBound,
                let number = Int32(line[start...].prefix { $0.isNumber }), number >= Self.missingMapBase,
                spec.maps.indices.contains(Int(number - Self.missingMapBase))
            else { continue }
            return missingMaps[spec.maps[Int(number - Self.missingMapBase)].name]
        }
        return nil
    }
}
