// SPDX-License-Identifier: Apache-2.0

import Bytes
import Synchronization

/// What a table remembers about looking up names.
struct NameLookup {
    /// Look-ups answered by scanning. A scan of a vmlinux costs a tenth of building the index.
    var scans = 0
    var index: NameIndex?

    static let scansBeforeIndex = 6
    static let scanLimit = 32
}

extension BTFTable {
    /// The ids of all types with a name, ascending, the base's first.
    ///
    /// The first few look-ups scan the strings; then an index of about 1 MiB for a vmlinux is made, and a look-up is O(1).
    ///
    /// - Parameter kind: only types of this kind.
    public func ids(named name: String, kind: BTFKind? = nil) -> [BTFTypeID] {
        find(name, kind: kind, withFlavours: false, firstOnly: false)
    }

    /// The lowest id of the types with a name, or `nil` when there is none.
    public func firstID(named name: String, kind: BTFKind? = nil) -> BTFTypeID? {
        find(name, kind: kind, withFlavours: false, firstOnly: true).first
    }

    /// The ids of all types whose essential name, the part before the last `___`, is the given one, ascending.
    ///
    /// - Parameter name: a name without flavour, as ``EssentialName/of(_:)`` makes it.
    public func ids(essentiallyNamed name: some StringProtocol, kind: BTFKind? = nil) -> [BTFTypeID] {
        find(String(name), kind: kind, withFlavours: true, firstOnly: false)
    }

    private func find(_ name: String, kind: BTFKind?, withFlavours: Bool, firstOnly: Bool) -> [BTFTypeID] {
        var found = base?.find(name, kind: kind, withFlavours: withFlavours, firstOnly: firstOnly) ?? []
        if firstOnly, !found.isEmpty { return found }
        var name = name
        name.withUTF8 { utf8 in
            guard !utf8.isEmpty, utf8.count <= EssentialName.longest, !utf8.contains(0) else { return }
            let query = NameQuery(
                name: UnsafeRawBufferPointer(utf8), kind: kind, withFlavours: withFlavours, firstOnly: firstOnly)
            if let index = indexIfWorthwhile() {
                search(index, for: query, into: &found)
            } else if !scan(for: query, into: &found) {
                search(makeIndex(), for: query, into: &found)
            }
        }
        return found
    }

    private func indexIfWorthwhile() -> NameIndex? {
        let (index, scans) = lookup.withLock { state in
            state.scans += 1
            return (state.index, state.scans)
        }
        return index ?? (scans > NameLookup.scansBeforeIndex ? makeIndex() : nil)
    }

    private func makeIndex() -> NameIndex {
        lookup.withLock { state in
            if let index = state.index { return index }
            let index = NameIndex(capacity: namedCount) { add in
                forEachOwnName { id, name, _ in
                    add(NameIndex.hash(name), id)
                    return true
                }
            }
            state.index = index
            return index
        }
    }

    private var namedCount: Int {
        var count = 0
        forEachNameOffset { _, offset, _ in
            if offset != 0 { count &+= 1 }
            return true
        }
        return count
    }

    private func search(_ index: NameIndex, for query: NameQuery, into found: inout [BTFTypeID]) {
        let hash = query.hash
        index.forEach(hash: hash) { id in
            guard query.kind == nil || self.kind(id) == query.kind, matches(id, query) else { return true }
            found.append(id)
            return !query.firstOnly
        }
    }

    private func matches(_ id: BTFTypeID, _ query: NameQuery) -> Bool {
        guard let offset = word(at: byteOffset(ofOwn: id)) else {
            return false
        }
        return withName(at: offset) { query.matches($0) } ?? false
    }

    /// Answers `false` when so many strings end with the name that the index is the better way.
    private func scan(for query: NameQuery, into found: inout [BTFTypeID]) -> Bool {
        guard var offsets = stringOffsets(query) else { return false }
        let own = UInt32(truncatingIfNeeded: stringLength - header.strings.count)
        offsets = offsets.map { $0 &+ own }
        // A module's type may take its name from its base's strings.
        if let base {
            guard let inherited = base.inheritedStringOffsets(query) else { return false }
            offsets.append(contentsOf: inherited)
        }
        guard let smallest = offsets.min(), let largest = offsets.max() else { return true }
        var ids: [BTFTypeID] = []
        let single = offsets.count == 1
        forEachNameOffset { id, offset, kind in
            guard offset >= smallest, offset <= largest, single || offsets.contains(offset),
                query.kind == nil || kind == query.kind?.rawValue
            else { return true }
            ids.append(BTFTypeID(id))
            return !query.firstOnly
        }
        found.append(contentsOf: ids)
        return true
    }

    private func inheritedStringOffsets(_ query: NameQuery) -> [UInt32]? {
        guard var offsets = stringOffsets(query) else { return nil }
        let own = UInt32(truncatingIfNeeded: stringLength - header.strings.count)
        offsets = offsets.map { $0 &+ own }
        guard let base else { return offsets }
        return base.inheritedStringOffsets(query).map { $0 + offsets }
    }

    private func stringOffsets(_ query: NameQuery) -> [UInt32]? {
        withBytes { bytes in
            var scanner = StringScanner(
                strings: UnsafeRawBufferPointer(rebasing: bytes[header.strings]), name: query.name,
                withFlavours: query.withFlavours)
            return scanner.offsets(limit: NameLookup.scanLimit)
        }
    }

    /// Calls `body` with id, name offset and kind number of every own type, until it answers `false`.
    @inline(__always)
    private func forEachNameOffset(_ body: (UInt32, UInt32, UInt8) -> Bool) {
        withBytes { bytes in
            guard let start = bytes.baseAddress.map({ $0 + header.types.lowerBound }) else { return }
            let swapped = order != .host
            offsets.withUnsafeBufferPointer { offsets in
                for index in 0..<offsets.count {
                    let record = start + Int(offsets[index])
                    var words = record.loadUnaligned(as: SIMD2<UInt32>.self)
                    if swapped { words = SIMD2(words.x.byteSwapped, words.y.byteSwapped) }
                    let id = firstTypeID.rawValue &+ UInt32(truncatingIfNeeded: index)
                    guard body(id, words.x, UInt8(truncatingIfNeeded: words.y >> 24 & 0x7f)) else { return }
                }
            }
        }
    }

    /// Calls `body` with id, NUL-terminated name and kind number of every own type that has a name.
    private func forEachOwnName(_ body: (UInt32, UnsafeRawPointer, UInt8) -> Bool) {
        forEachNameOffset { id, offset, kind in
            guard offset != 0 else { return true }
            return withName(at: offset) { name in
                name.baseAddress.map { body(id, $0, kind) } ?? true
            } ?? true
        }
    }

    /// Calls `body` with the bytes from the start of the string at an offset to the end of its string section.
    @inline(__always)
    private func withName<Result>(at offset: UInt32, _ body: (UnsafeRawBufferPointer) -> Result) -> Result? {
        var table = self
        while let base = table.base, offset < base.stringLength { table = base }
        let start = Int(offset) - (table.stringLength - table.header.strings.count)
        guard start >= 0, start < table.header.strings.count else { return nil }
        let range = table.header.strings.lowerBound + start..<table.header.strings.upperBound
        return table.withBytes { body(UnsafeRawBufferPointer(rebasing: $0[range])) }
    }
}

/// What is looked for.
private struct NameQuery {
    let name: UnsafeRawBufferPointer
    let kind: BTFKind?
    let withFlavours: Bool
    let firstOnly: Bool

    /// The hash of the name; a query with flavours has an essential name, which is its own essential part.
    var hash: UInt32 {
        var bytes = [UInt8](name)
        bytes.append(0)
        return bytes.withUnsafeBytes { $0.baseAddress.map { NameIndex.hash($0) } ?? 0 }
    }

    /// Whether the NUL-terminated string at the start of the bytes is meant.
    func matches(_ string: UnsafeRawBufferPointer) -> Bool {
        guard name.count < string.count else { return false }
        for index in 0..<name.count where string[index] != name[index] { return false }
        if string[name.count] == 0 { return true }
        return withFlavours && EssentialName.isFlavour(string, of: name.count)
    }
}
