// SPDX-License-Identifier: Apache-2.0

import BPF
import BPFObject
import Linux
import ServiceRuntime
import Symbols

/// What the listings of programs, maps and links have in common: who holds an object, and where it is pinned.
final class LiveSurroundings {
    let pins: [PinnedObject]
    let holders: ObjectHolders
    /// Read only when a link asks for it, since it takes a while.
    private lazy var kernelSymbols = try? KernelSymbolTable()

    /// Looks around once for a whole command.
    init() {
        pins = PinnedObject.all()
        holders = ObjectHolders.find()
    }

    /// The kernel function at an address.
    func symbol(at address: UInt64) -> ResolvedSymbol? { kernelSymbols?.symbol(at: address) }

    func paths(_ kind: LiveObjectKind, _ id: UInt32) -> [String] {
        pins.filter { $0.kind == kind && $0.id == id }.map(\.path)
    }

    /// `bash(4242), skep(4300)`
    func holderText(_ kind: LiveObjectKind, _ id: UInt32) -> String {
        holders.of(kind, id: id).map { "\($0.name)(\($0.number))" }.joined(separator: ",")
    }

    func json(_ kind: LiveObjectKind, _ id: UInt32) -> [(String, JSONText)] {
        [
            ("pinned", .list(paths(kind, id).map { .text($0) })),
            (
                "held_by",
                .list(
                    holders.of(kind, id: id).map {
                        .object([("pid", .number(Int64($0.number))), ("comm", .text($0.name))])
                    })
            ),
        ]
    }
}

/// Texts of numbers that listings share.
enum LiveText {
    /// Bytes as `512`, `4K`, `3.2M`.
    static func bytes(_ count: UInt64?) -> String {
        guard let count else { return "" }
        for (unit, size) in [("G", UInt64(1) << 30), ("M", 1 << 20), ("K", 1 << 10)] where count >= size {
            let tenths = count / (size / 10)
            return tenths >= 100 || tenths % 10 == 0 ? "\(tenths / 10)\(unit)" : "\(tenths / 10).\(tenths % 10)\(unit)"
        }
        return "\(count)"
    }

    /// Nanoseconds as `812ns`, `1.5us`, `20ms`, `3.1s`.
    static func duration(_ nanoseconds: UInt64) -> String {
        for (unit, size) in [("s", UInt64(1_000_000_000)), ("ms", 1_000_000), ("us", 1000)] where nanoseconds >= size {
            let tenths = nanoseconds / (size / 10)
            return tenths >= 100 || tenths % 10 == 0 ? "\(tenths / 10)\(unit)" : "\(tenths / 10).\(tenths % 10)\(unit)"
        }
        return "\(nanoseconds)ns"
    }

    /// How long ago something was loaded, by the time since boot: `5s`, `12m`, `3h`, `9d`.
    static func age(_ loaded: UInt64) -> String {
        let seconds = (Clock.boot() &- min(loaded, Clock.boot())) / 1_000_000_000
        switch seconds {
        case ..<120: return "\(seconds)s"
        case ..<7200: return "\(seconds / 60)m"
        case ..<172_800: return "\(seconds / 3600)h"
        default: return "\(seconds / 86400)d"
        }
    }

    /// A time since boot as RFC 3339 in UTC, seconds.
    static func date(_ sinceBoot: UInt64) -> String {
        let now = Clock.real()
        let then = now &- (Clock.boot() &- min(sinceBoot, Clock.boot()))
        let seconds = Int64(then / 1_000_000_000)
        // Civil date from days: the era arithmetic of the proleptic Gregorian calendar.
        var days = seconds / 86400
        let rest = seconds % 86400
        days += 719_468
        let era = days / 146_097
        let day = days - era * 146_097
        let year = (day - day / 1460 + day / 36524 - day / 146_096) / 365
        let dayOfYear = day - (365 * year + year / 4 - year / 100)
        let month = (5 * dayOfYear + 2) / 153
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let civilMonth = month < 10 ? month + 3 : month - 9
        return
            "\(year + era * 400 + (civilMonth <= 2 ? 1 : 0))-\(two(civilMonth))-\(two(dayOfYear - (153 * month + 2) / 5 + 1))"
            + "T\(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60))Z"
    }

    /// `a=1  b=2` lines of details: names padded to one width; what is empty is left out.
    static func details(_ pairs: [(String, String)]) -> String {
        let shown = pairs.filter { !$0.1.isEmpty }
        let width = shown.map(\.0.count).max() ?? 0
        return shown.map { name, value in
            name + String(repeating: " ", count: width - name.count + 2) + TextTable.printable(value) + "\n"
        }.joined()
    }
}
