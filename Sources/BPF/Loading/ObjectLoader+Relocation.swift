// SPDX-License-Identifier: Apache-2.0

import BPFObject
import BTF
import Diagnostics

extension ObjectLoader {
    /// Applies the CO-RE relocations of every function that the selected programs can reach.
    mutating func relocate(for selected: [ProgramSpec]) throws(BPFError) {
        let reachable = reachableFunctions(from: selected.map(\.name))
        let names = reachable.filter { functions[$0]?.coreRelocations.isEmpty == false }.sorted()
        guard !names.isEmpty else { return }
        guard let local = spec.types else { return }
        let kernelTypes = options.kernelTypes
        let core = try kernelTypes.core()
        if let source = kernelTypes.foreignSource { report.entries.append(.foundKernelTypes(source: source)) }
        var relocator = CORERelocator(
            local: local, target: CORETarget(name: "vmlinux", table: core),
            modules: { ((try? kernelTypes.modules()) ?? []).map { CORETarget(name: $0.name, table: $0.table) } })
        for name in names {
            guard var function = functions[name] else { continue }
            do throws(CORERelocationError) {
                let results = try relocator.relocate(
                    &function.instructions, with: function.coreRelocations,
                    sectionOffset: UInt32(clamping: function.sectionOffset), program: name)
                for result in results where result.poison != nil {
                    poisons[name, default: []].append(
                        .init(instruction: result.instructionIndex, text: result.description))
                    report.entries.append(.poisoned(function: name, text: result.description))
                }
            } catch {
                throw BPFError(
                    .rejected, "cannot adapt the function \(name) to this kernel's types",
                    context: [.init("object", spec.name)], cause: error)
            }
            functions[name] = function
        }
    }

    private func reachableFunctions(from names: [String]) -> Set<String> {
        var seen: Set<String> = []
        var queue = names
        while let name = queue.popLast() {
            guard seen.insert(name).inserted, let function = functions[name] else { continue }
            if let callback = function.exceptionCallback { queue.append(callback) }
            for reference in function.references {
                switch reference.target {
                case .function(let target), .functionAddress(let target): queue.append(target)
                default: break
                }
            }
        }
        return seen
    }
}
