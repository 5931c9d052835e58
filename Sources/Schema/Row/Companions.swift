// SPDX-License-Identifier: Apache-2.0

/// Finds the columns that others are read with.
enum Companions {
    static func connect(_ columns: inout [Column]) {
        let families = columns.indices.filter { columns[$0].meaning == .addressFamily }
        for index in columns.indices {
            let column = columns[index]
            switch (column.meaning, column.layout) {
            case (.internetAddress, .bytes(count: 16)):
                columns[index].companion =
                    families.first { columns[$0].components.dropLast() == column.components.dropLast() }
                    ?? families.first
            case (.stack, _), (.payload, _), (.plain, .bytes), (.text, .text),
                (.arguments, _), (.plain, .text):
                columns[index].companion = length(of: index, in: columns)
            default: break
            }
        }
    }

    /// The column that says how many bytes of another count: called like it with `_len`, `_size` or `_sz`, or just
    /// `len` or `size` where there is only one thing in the same structure that it could be about.
    private static func length(of index: Int, in columns: [Column]) -> Int? {
        let column = columns[index]
        let scope = column.components.dropLast()
        var named = ["_len", "_length", "_size", "_sz"].flatMap { [column.name + $0, column.name + $0.dropFirst()] }
        if case .stack = column.meaning, column.name.hasSuffix("stack") { named.append(column.name + "_bytes") }
        let numbers = columns.indices.filter { other in
            guard case .integer = columns[other].layout, columns[other].components.dropLast() == scope else {
                return false
            }
            return true
        }
        if let exact = numbers.first(where: { named.contains(columns[$0].name) }) { return exact }
        guard column.meaning == .payload else { return nil }
        let payloads = columns.filter { $0.meaning == .payload && $0.components.dropLast() == scope }
        guard payloads.count == 1 else { return nil }
        return numbers.first {
            ["len", "length", "size", "data_len", "buf_size", "payload_len"].contains(columns[$0].name)
        }
    }
}
