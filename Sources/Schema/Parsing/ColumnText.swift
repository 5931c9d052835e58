// SPDX-License-Identifier: Apache-2.0

extension Column {
    /// Reads a number of this column as people type it: `10`, `-0x1f`, and by meaning `SIGKILL`, `-ENOENT`, `openat`,
    /// `O_CREAT|O_EXCL`, `10ms`, `A|B` of an enumeration, `true`, `8:1` of a device; `nil` when it is none of these.
    ///
    /// - Parameter text: the text. Where the column counts time in a unit, a plain number is in that unit; a number with
    ///   a unit is turned into the column's.
    public func number(from text: String) -> Int128? {
        if case .duration(let unit) = meaning { return Self.duration(text, in: unit) }
        if let number = NumberText.integer(text) { return number }
        switch layout {
        case .enumeration(_, let names):
            if let value = names.value(of: text) { return Int128(value) }
        case .boolean:
            switch text.lowercased() {
            case "true", "yes", "on": return 1
            case "false", "no", "off": return 0
            default: return nil
            }
        default: break
        }
        switch meaning {
        case .openFlags: return Self.joined(text) { OpenFlags.value(of: $0).map { Int128($0) } }
        case .timestamp(let unit): return Self.duration(text, in: unit)
        case .device:
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, let major = UInt32(parts[0]), let minor = UInt32(parts[1]), major < 1 << 12,
                minor < 1 << 20
            else { return nil }
            return Int128(major << 20 | minor)
        default: return meaning.names.flatMap { names in Self.signed(text) { names.value(of: $0) } }
        }
    }

    private static func duration(_ text: String, in unit: TimeUnit) -> Int128? {
        NumberText.duration(text, unit: unit).map { $0 / Int128(unit.nanoseconds) }
    }

    /// `-ENOENT` is the negative of `ENOENT`.
    private static func signed(_ text: String, _ value: (String) -> Int64?) -> Int128? {
        if text.hasPrefix("-") { return value(String(text.dropFirst())).map { -Int128($0) } }
        return value(text).map { Int128($0) }
    }

    private static func joined(_ text: String, _ value: (String) -> Int128?) -> Int128? {
        var result: Int128 = 0
        for part in text.split(separator: "|", omittingEmptySubsequences: false) {
            guard let bits = value(String(part)) ?? NumberText.integer(part) else { return nil }
            result |= bits
        }
        return result
    }
}
