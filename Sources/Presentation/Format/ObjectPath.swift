// SPDX-License-Identifier: Apache-2.0

/// Opens and closes objects while the fields of nested structures are written one after the other.
struct ObjectPath {
    private var open: [String] = []
    private var isFirst = true

    /// Whether a field was written before on the same level, so that the first field begins with a comma.
    init(continues: Bool = false) {
        isFirst = !continues
    }

    /// Closes what the next field is not in, opens what it is in, and writes its key.
    mutating func move(to components: [String], in buffer: inout TextBuffer, isJSON: Bool) {
        var common = 0
        while common < open.count, common < components.count - 1, open[common] == components[common] { common += 1 }
        while open.count > common {
            buffer.append(UInt8(ascii: "}"))
            open.removeLast()
        }
        if !isFirst { buffer.append(UInt8(ascii: ",")) }
        isFirst = false
        for (depth, name) in components.enumerated().dropFirst(common) {
            key(name, in: &buffer, isJSON: isJSON)
            if depth < components.count - 1 {
                buffer.append(UInt8(ascii: "{"))
                open.append(name)
            }
        }
    }

    /// Closes all that is open.
    mutating func close(in buffer: inout TextBuffer) {
        for _ in open { buffer.append(UInt8(ascii: "}")) }
        open = []
    }

    private func key(_ name: String, in buffer: inout TextBuffer, isJSON: Bool) {
        if isJSON { buffer.append(UInt8(ascii: "\"")) }
        buffer.append(name, escaping: isJSON ? .json : .terminal)
        if isJSON { buffer.append(UInt8(ascii: "\"")) }
        buffer.append(isJSON ? UInt8(ascii: ":") : UInt8(ascii: "="))
    }
}
