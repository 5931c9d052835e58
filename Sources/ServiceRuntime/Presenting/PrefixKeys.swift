// SPDX-License-Identifier: Apache-2.0

import BPF
import BPFObject
import BTF
import Bytes
import Schema

/// Shows the keys of a trie as networks, `10.1.0.0/16`, in place of a length and an address.
struct PrefixKeys {
    /// What a key is shown as: one column of text.
    let schema: RowSchema
    private let addressSize: Int
    private static let width = 48

    /// Nil when the map is no trie, or its addresses are neither IPv4's nor IPv6's alone.
    init?(of map: UntypedMap) {
        guard map.kind == .longestPrefixMatchTrie, map.keySize == 8 || map.keySize == 20 else { return nil }
        addressSize = map.keySize - 4
        var builder = BTFBuilder()
        let character = builder.add(
            .integer(BTFInteger(name: "char", size: 1, bitOffset: 0, bits: 8, encoding: .character)))
        let text = builder.add(.array(BTFArray(element: character, index: character, count: UInt32(Self.width))))
        let key = builder.add(
            .structure(
                BTFComposite(
                    name: "prefix", size: UInt32(Self.width),
                    members: [BTFMember(name: "prefix", type: text, bitOffset: 0)])))
        guard let bytes = try? builder.encode(), let table = try? BTFTable(OwnedBytes(bytes)),
            let schema = try? RowSchema(table: table, type: key, name: "key")
        else { return nil }
        self.schema = schema
    }

    /// The bytes that ``schema`` shows for a key.
    func text(of key: [UInt8]) -> [UInt8] {
        let owned = OwnedBytes(key)
        guard let length = owned.span.integer(at: 0, as: UInt32.self, order: .host),
            let address = InternetAddress(in: owned.span, at: 4, isVersion4: addressSize == 4)
        else { return [UInt8](repeating: 0, count: Self.width) }
        let bytes = Array("\(address)/\(length)".utf8.prefix(Self.width - 1))
        return bytes + [UInt8](repeating: 0, count: Self.width - bytes.count)
    }
}
