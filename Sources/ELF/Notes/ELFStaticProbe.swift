// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A static probe of an executable (USDT): a place that was marked in the source, with what can be read there.
///
/// - Note: notes of the owner `stapsdt` and type 3, as `<sys/sdt.h>` writes them.
public struct ELFStaticProbe: Sendable, Hashable {
    /// Who defined the probe, such as `libc`.
    public let provider: String
    /// The probe's name, such as `memory_sbrk_more`.
    public let name: String
    /// Where the values are, such as `8@%rdi -4@$1`.
    public let arguments: String
    /// The address without load bias, adjusted for a file that was prelinked.
    public let address: UInt64
    /// The address of the counter that tells the program that somebody watches; 0 for none.
    public let semaphore: UInt64
}

extension ELFFile {
    /// The static probes in the order of their notes; several can have one name.
    ///
    /// - Throws: ``ELFError`` when a note is malformed.
    public func staticProbes() throws(ELFError) -> [ELFStaticProbe] {
        // A file that was moved after linking moves this section as well, while the notes keep their numbers.
        let base = section(named: ".stapsdt.base")?.address
        var probes: [ELFStaticProbe] = []
        for note in try notes() where note.owner == "stapsdt" && note.type == 3 {
            let contents = note.contents
            guard let address = contents.span.integer(at: 0, as: UInt64.self, order: order),
                let linked = contents.span.integer(at: 8, as: UInt64.self, order: order),
                let semaphore = contents.span.integer(at: 16, as: UInt64.self, order: order),
                let (provider, nameStart) = Self.string(at: 24, in: contents),
                let (name, argumentsStart) = Self.string(at: nameStart, in: contents)
            else { throw ELFError(.malformed, "the note of a static probe is cut off", section: ".note.stapsdt") }
            let arguments = Self.string(at: argumentsStart, in: contents)?.text ?? ""
            let moved = base.map { linked == 0 ? 0 : $0 &- linked } ?? 0
            probes.append(
                ELFStaticProbe(
                    provider: provider, name: name, arguments: arguments, address: address &+ moved,
                    semaphore: semaphore == 0 ? 0 : semaphore &+ moved))
        }
        return probes
    }

    /// A string and where the next one starts; bytes that are no UTF-8 are repaired, which changes how many there are.
    private static func string(at offset: Int, in contents: OwnedBytes) -> (text: String, end: Int)? {
        guard let length = contents.span.cStringLength(at: offset),
            let text = contents.span.string(at: offset, count: length)
        else { return nil }
        return (text, offset + length + 1)
    }
}
