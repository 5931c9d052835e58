// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A strict check of JSON's grammar.
struct JSONCheck {
    private let bytes: [UInt8]
    private var index = 0

    static func isObject(_ text: some StringProtocol) -> Bool {
        var check = JSONCheck(bytes: Array(text.utf8))
        guard check.bytes.first == UInt8(ascii: "{") else { return false }
        return check.value() && check.index == check.bytes.count
    }

    private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    private mutating func value() -> Bool {
        switch next {
        case UInt8(ascii: "{"): return list("{", "}") { $0.string() && $0.take(":") && $0.value() }
        case UInt8(ascii: "["): return list("[", "]") { $0.value() }
        case UInt8(ascii: "\""): return string()
        default:
            let start = index
            while let byte = next, byte != 0x2c, byte != 0x7d, byte != 0x5d { index += 1 }
            let word = String(decoding: bytes[start..<index], as: UTF8.self)
            return ["true", "false", "null"].contains(word) || Double(word) != nil && !word.hasPrefix("+")
        }
    }

    private mutating func list(
        _ open: Unicode.Scalar, _ close: Unicode.Scalar, _ element: (inout JSONCheck) -> Bool
    ) -> Bool {
        guard take(open) else { return false }
        if take(close) { return true }
        repeat { guard element(&self) else { return false } } while take(",")
        return take(close)
    }

    private mutating func string() -> Bool {
        guard take("\"") else { return false }
        while let byte = next {
            index += 1
            if byte == 0x22 { return true }
            if byte < 0x20 { return false }
            if byte == 0x5c {
                guard let escape = next else { return false }
                index += 1
                if escape == UInt8(ascii: "u") {
                    guard bytes[index...].prefix(4).count == 4 else { return false }
                    index += 4
                } else if !Array("\"\\/bfnrt".utf8).contains(escape) {
                    return false
                }
            }
        }
        return false
    }
}

/// Files that tests read.
enum TextFile {
    struct Missing: Error { let path: String }

    static func read(_ path: String) throws -> String {
        guard let file = fopen(path, "r") else { throw Missing(path: path) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            if count == 0 { break }
            bytes += chunk.prefix(count)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
