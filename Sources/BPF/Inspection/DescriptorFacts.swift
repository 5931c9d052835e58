// SPDX-License-Identifier: Apache-2.0

import Linux

/// What /proc tells of an open descriptor of BPF's: memory, owner, whether a map is frozen.
struct DescriptorFacts {
    private let fields: [String: String]

    /// Reads the facts of a descriptor of this process; empty where /proc does not show them.
    init(_ descriptor: Int32) {
        fields = Self.parse((try? Files.readText("/proc/self/fdinfo/\(descriptor)", limit: 1 << 16)) ?? "")
    }

    /// Lines of `name:` and a value behind a tab.
    static func parse(_ text: String) -> [String: String] {
        var fields: [String: String] = [:]
        for line in text.split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            fields[String(line[..<colon])] = String(value)
        }
        return fields
    }

    /// Bytes of kernel memory that the object takes.
    var memory: UInt64? { fields["memlock"].flatMap { UInt64($0) } }

    /// Whether user space may not change the map any more.
    var isFrozen: Bool { fields["frozen"] == "1" }

    /// The kind of program that a program array is for, once it has been used.
    var ownerKind: UInt32? { fields["owner_prog_type"].flatMap { UInt32($0) } }
}
