// SPDX-License-Identifier: Apache-2.0

import DWARF
import Diagnostics
import Linux

/// Names the functions of running programs.
///
/// A process's regions are remembered, so that its addresses have names after it ended too, when it was seen before.
/// The symbols of a file are read once, however many processes run it.
///
/// ```swift
/// var processes = ProcessSymbols()
/// for symbol in processes.symbols(for: stack, in: process) { print(symbol) }
/// ```
public struct ProcessSymbols: Sendable {
    private struct Known: Sendable {
        let identity: ProcessIdentity
        var map: MemoryMap
        var perfMap: PerfMap?
        /// How often an address was in no region, or in no function of a just-in-time compiler.
        var misses = 0
        var jitMisses = 0
        var answers: [UInt64: ResolvedSymbol] = [:]
    }

    private struct FileIdentity: Hashable {
        let device: String
        let inode: UInt64
    }

    private var known: [Int32: Known] = [:]
    private var modules: [FileIdentity: ModuleSymbols?] = [:]
    private let withLines: Bool

    private static let mostProcesses = 4096
    private static let mostModules = 4096
    private static let mostAnswers = 1 << 14

    /// Makes an empty cache.
    ///
    /// - Parameter withLines: whether answers have file and line, from the files' debug information; that takes more
    ///   time and keeps the files mapped.
    public init(withLines: Bool = false) {
        self.withLines = withLines
    }

    /// Remembers a process's regions now, so that its addresses can be named after it ended.
    ///
    /// - Throws: ``SymbolError`` when there is no such process or it may not be looked at.
    public mutating func remember(_ process: Int32) throws(SymbolError) {
        guard let identity = ProcessIdentity(process) else {
            if known[process] != nil { return }
            throw SymbolError(.noProcess, "there is no such process", context: [.init("process", process)])
        }
        if known[process]?.identity == identity { return }
        do throws(LinuxError) {
            let map = try MemoryMap(of: process)
            // Any will do: the caches are refilled from the processes that still run.
            if known.count >= Self.mostProcesses, let first = known.keys.first { known[first] = nil }
            known[process] = Known(identity: identity, map: map)
        } catch {
            throw SymbolError(
                .unreadable, "the memory map cannot be read", context: [.init("process", process)], cause: error)
        }
    }

    /// What is known at addresses of a process, such as a stack's.
    ///
    /// Never fails: without a symbol an answer has the module and the offset in it, and without a module the address.
    public mutating func symbols(for addresses: [UInt64], in process: Int32) -> [ResolvedSymbol] {
        // An old process with the same number must not lend its names, a process that ended may.
        try? remember(process)
        return addresses.map { resolve($0, in: process) }
    }

    /// What is known at one address of a process.
    public mutating func symbol(at address: UInt64, in process: Int32) -> ResolvedSymbol {
        symbols(for: [address], in: process).first
            ?? ResolvedSymbol(address: address, name: nil, offset: 0, module: nil)
    }

    /// Forgets a process.
    public mutating func forget(_ process: Int32) {
        known[process] = nil
    }

    private mutating func resolve(_ address: UInt64, in process: Int32) -> ResolvedSymbol {
        let unknown = ResolvedSymbol(address: address, name: nil, offset: 0, module: nil)
        guard var entry = known[process] else { return unknown }
        if let answer = entry.answers[address] { return answer }
        // Programs load libraries while they run: look again, but more and more rarely.
        if entry.map.region(at: address) == nil {
            entry.misses += 1
            if entry.misses.isPowerOfTwo, ProcessIdentity(process) == entry.identity,
                let map = try? MemoryMap(of: process), !map.regions.isEmpty
            {
                entry.map = map
            }
        }
        var answer = unknown
        var isFinal = false
        if let region = entry.map.region(at: address) {
            if region.inode != 0 {
                answer =
                    module(region, of: process)?.symbol(
                        atFileOffset: address - region.start &+ region.offset, address: address)
                    ?? ResolvedSymbol(
                        address: address, name: nil, offset: address - region.start &+ region.offset,
                        module: region.path)
                isFinal = true
            } else if region.path.isEmpty || region.path.hasPrefix("//anon") || region.path == "[heap]"
                || region.path.hasPrefix("[anon")
            {
                answer = justInTime(address, &entry) ?? unknown
                isFinal = answer != unknown
            } else {
                answer = ResolvedSymbol(
                    address: address, name: nil, offset: address - region.start, module: region.path)
                isFinal = true
            }
        }
        if isFinal {
            if entry.answers.count >= Self.mostAnswers { entry.answers.removeAll(keepingCapacity: true) }
            entry.answers[address] = answer
        }
        known[process] = entry
        return answer
    }

    private func justInTime(_ address: UInt64, _ entry: inout Known) -> ResolvedSymbol? {
        if let symbol = entry.perfMap?.symbol(at: address) { return symbol }
        entry.jitMisses += 1
        guard entry.jitMisses.isPowerOfTwo else { return nil }
        let process = entry.identity.process
        // The process writes its own idea of its number into its own /tmp.
        let inner = (try? ProcessStatus.of(process))?.namespaceNumbers.last ?? process
        for path in ["/proc/\(process)/root/tmp/perf-\(inner).map", "/tmp/perf-\(process).map"]
        where SymbolFiles.isRegular(path) {
            if let map = try? PerfMap(reading: path) {
                entry.perfMap = map
                break
            }
        }
        return entry.perfMap?.symbol(at: address)
    }

    private mutating func module(_ region: MemoryMap.Region, of process: Int32) -> ModuleSymbols? {
        let identity = FileIdentity(device: region.device, inode: region.inode)
        if let known = modules[identity] { return known }
        // The first is the very file, also when it was deleted or replaced; it needs CAP_CHECKPOINT_RESTORE. The second
        // is the file in the process's own mount namespace.
        let range = String(region.start, radix: 16) + "-" + String(region.end, radix: 16)
        let inside = "/proc/\(process)/root" + region.path
        var found: ModuleSymbols?
        for (path, isTrusted) in [("/proc/\(process)/map_files/\(range)", true), (inside, false), (region.path, false)]
        {
            if !isTrusted, !SymbolFiles.isRegular(path) { continue }
            if let module = try? ModuleSymbols(opening: path, name: region.path, withLines: withLines) {
                found = module
                break
            }
        }
        if found == nil, ProcessIdentity(process) == nil { return nil }
        if modules.count >= Self.mostModules, let first = modules.keys.first { modules[first] = nil }
        modules.updateValue(found, forKey: identity)
        return found
    }
}

extension Int {
    fileprivate var isPowerOfTwo: Bool { self > 0 && self & (self - 1) == 0 }
}
