// SPDX-License-Identifier: Apache-2.0

import ELF
import Linux

/// One place of a static probe in a file.
struct StaticProbePlace {
    /// The offset in the file.
    let offset: UInt64
    /// The address without load bias.
    let address: UInt64
    /// The offset in the file of the counter that tells the program that somebody watches; 0 for none.
    let counterOffset: UInt64
    /// Where the values are.
    let arguments: String
    /// Whether the file is loaded at the addresses that it says.
    private let isFixed: Bool

    /// Finds all places of a probe.
    static func find(
        _ provider: String, _ name: String, in path: String, program: Program
    ) throws(BPFError) -> [StaticProbePlace] {
        let file: ELFFile
        let probes: [ELFStaticProbe]
        do {
            file = try ELFFile(try Files.map(path, limit: ExecutableTarget.largestFile))
            probes = try file.staticProbes()
        } catch {
            throw BPFError(
                .notFound, "cannot read the static probes of \(path)", context: [.init("program", program.name)],
                cause: error)
        }
        let wanted = probes.filter { $0.provider == provider && $0.name == name }
        guard !wanted.isEmpty else {
            let known = Set(probes.map { "\($0.provider):\($0.name)" }).sorted()
            throw BPFError(
                .notFound, "\(path) has no static probe \(provider):\(name)",
                context: [.init("program", program.name)],
                hint: known.isEmpty
                    ? "it has none at all" : "it has " + known.prefix(20).joined(separator: ", "))
        }
        var places: [StaticProbePlace] = []
        for probe in wanted {
            guard let offset = file.fileOffset(ofAddress: probe.address) else {
                throw BPFError(.malformed, "the static probe \(provider):\(name) of \(path) lies outside the file")
            }
            let counter = probe.semaphore == 0 ? 0 : file.fileOffset(ofAddress: probe.semaphore)
            guard let counter else {
                throw BPFError(
                    .malformed, "the counter of the static probe \(provider):\(name) of \(path) lies outside the file")
            }
            places.append(
                StaticProbePlace(
                    offset: offset, address: probe.address, counterOffset: counter, arguments: probe.arguments,
                    isFixed: file.type == ELFFile.executable))
        }
        return places
    }

    /// Where the place is in the memory of a process, or of all processes that use the file.
    func addresses(in path: String, process: Int32?) -> [UInt64] {
        if isFixed { return [address] }
        guard let inode = try? Files.identity(path).inode else { return [] }
        let processes = process.map { [$0] } ?? (try? Processes.all()) ?? []
        var found: Set<UInt64> = []
        for process in processes {
            for region in (try? Processes.regions(of: process)) ?? [] {
                guard region.inode == inode, region.isExecutable, offset >= region.offset,
                    offset - region.offset < region.end - region.start
                else { continue }
                found.insert(region.start + (offset - region.offset))
            }
        }
        return found.sorted()
    }
}
