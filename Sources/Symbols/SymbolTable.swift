// SPDX-License-Identifier: Apache-2.0

/// Symbols by address in a few plain arrays: 16 bytes and the name for each.
struct SymbolTable: Sendable {
    /// Ascending after ``sort()``.
    private(set) var addresses: [UInt64] = []
    /// Sizes in bytes, cut to 32 bits; 0 when unknown.
    private(set) var sizes: [UInt32] = []
    private var nameOffsets: [UInt32] = []
    /// All names, each ended by a zero byte.
    private var names: [UInt8] = []

    var count: Int { addresses.count }

    mutating func reserve(symbols: Int, nameBytes: Int) {
        addresses.reserveCapacity(symbols)
        sizes.reserveCapacity(symbols)
        nameOffsets.reserveCapacity(symbols)
        names.reserveCapacity(nameBytes)
    }

    /// Adds a symbol; names past 4 GiB in all are dropped.
    mutating func add(address: UInt64, size: UInt64, name: some Sequence<UInt8>) {
        guard let offset = UInt32(exactly: names.count) else { return }
        addresses.append(address)
        sizes.append(UInt32(clamping: size))
        nameOffsets.append(offset)
        names.append(contentsOf: name)
        names.append(0)
    }

    /// Orders the symbols by address; of those at one address the best to show is the last.
    mutating func sort() {
        var isSorted = true
        for index in addresses.indices.dropFirst() where !isOrdered(index - 1, index) {
            isSorted = false
            break
        }
        if isSorted { return }
        let order = addresses.indices.sorted { isOrdered($0, $1) && $0 != $1 && !isOrdered($1, $0) }
        addresses = order.map { addresses[$0] }
        sizes = order.map { sizes[$0] }
        nameOffsets = order.map { nameOffsets[$0] }
    }

    private func isOrdered(_ left: Int, _ right: Int) -> Bool {
        if addresses[left] != addresses[right] { return addresses[left] < addresses[right] }
        if (sizes[left] == 0) != (sizes[right] == 0) { return sizes[left] == 0 }
        return underscores(left) >= underscores(right)
    }

    /// Of several names of one place, the one that people know has the fewest underscores in front.
    private func underscores(_ index: Int) -> Int {
        var at = Int(nameOffsets[index])
        while at < names.count, names[at] == UInt8(ascii: "_") { at += 1 }
        return at - Int(nameOffsets[index])
    }

    /// The last symbol at or before an address.
    func index(atOrBefore address: UInt64) -> Int? {
        var low = 0
        var high = addresses.count
        while low < high {
            let middle = (low + high) / 2
            if addresses[middle] <= address { low = middle + 1 } else { high = middle }
        }
        return low > 0 ? low - 1 : nil
    }

    func name(at index: Int) -> String {
        let start = Int(nameOffsets[index])
        let end = names[start...].firstIndex(of: 0) ?? names.count
        return String(decoding: names[start..<end], as: UTF8.self)
    }

    /// Says whether a symbol has a name, without making a string.
    func name(at index: Int, equals name: String) -> Bool {
        var at = Int(nameOffsets[index])
        for byte in name.utf8 {
            guard at < names.count, names[at] == byte, byte != 0 else { return false }
            at += 1
        }
        return at < names.count && names[at] == 0
    }

    /// The symbol that an address is in; `nil` when it is past the end of the one before it.
    ///
    /// - Parameter furthest: how far behind a symbol of unknown size an address may be.
    func symbol(at address: UInt64, furthest: UInt64) -> (index: Int, offset: UInt64)? {
        guard var index = index(atOrBefore: address) else { return nil }
        // A small symbol can lie in a larger one: look a little further back for one that covers the address.
        for _ in 0..<8 {
            let offset = address - addresses[index]
            let size = UInt64(sizes[index])
            if size == 0 ? offset < furthest : offset < size { return (index, offset) }
            if index == 0 { return nil }
            index -= 1
        }
        return nil
    }
}
