// SPDX-License-Identifier: Apache-2.0

import BPF
import BPFObject
import Bytes
import Presentation
import Schema
import Symbols

/// Names the addresses of stacks: the kernel's and processes' symbols, and the stacks of stack trace maps.
///
/// Everything is read when the first stack is shown, since most services have none.
final class SymbolLookup {
    private let stackMap: UntypedMap?
    private lazy var kernel = try? KernelSymbolTable()
    private var processes = ProcessSymbols()

    init(_ object: LoadedObject) {
        stackMap = object.maps.first { $0.kind == .stackTrace }
    }

    /// The look-up in the form that presenters want.
    var stacks: StackSymbols {
        StackSymbols(
            symbol: { [self] address, space, process in name(of: address, space, process) },
            frames: { [self] id, _ in frames(id) })
    }

    /// Reads what is mapped into a process while it lives, so that its stacks have names when it has ended.
    func remember(_ process: Int32) {
        guard known.insert(process).inserted, known.count < Self.mostProcesses else { return }
        try? processes.remember(process)
    }

    private struct Place: Hashable {
        let process: Int32
        let address: UInt64
    }

    private var answers: [Place: String?] = [:]
    private static let mostAnswers = 1 << 16
    private var known: Set<Int32> = []
    private static let mostProcesses = 1 << 14

    private func name(of address: UInt64, _ space: StackSpace, _ process: UInt32?) -> String? {
        let isKernel = space == .kernel || (space == .either && address >> 63 == 1)
        if isKernel { return kernel?.symbol(at: address)?.name }
        guard let process, let number = Int32(exactly: process) else { return nil }
        // Stacks repeat their outer frames; each look-up would ask the kernel whether the process is still the same.
        let place = Place(process: number, address: address)
        if let answer = answers[place] { return answer }
        let symbol = processes.symbol(at: address, in: number)
        let answer = symbol.name ?? symbol.module.map { "[\($0)]" }
        if answers.count >= Self.mostAnswers { answers.removeAll(keepingCapacity: true) }
        answers[place] = .some(answer)
        return answer
    }

    /// The addresses of a stack in the stack trace map, innermost first.
    private func frames(_ id: Int64) -> [UInt64]? {
        guard let stackMap, let key = UInt32(exactly: id) else { return nil }
        var bytes: [UInt8] = []
        bytes.append(key, order: .host)
        guard let value = try? stackMap.value(for: bytes) else { return nil }
        let stored = OwnedBytes(value)
        var addresses: [UInt64] = []
        for index in 0..<(value.count / 8) {
            guard let address = stored.span.integer(at: index * 8, as: UInt64.self, order: .host), address != 0 else {
                break
            }
            addresses.append(address)
        }
        return addresses
    }
}
