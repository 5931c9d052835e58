// SPDX-License-Identifier: Apache-2.0

/// The machine's CPUs.
public enum ProcessorList {
    /// The number of CPUs that can ever be there: per-CPU map values have this many slots.
    ///
    /// - Throws: the answer of reading /sys/devices/system/cpu/possible.
    public static func possibleCount() throws(LinuxError) -> Int {
        let all = try list("possible")
        return (all.last ?? 0) + 1
    }

    /// The numbers of the CPUs that are there now.
    public static func online() throws(LinuxError) -> [Int] {
        try list("online")
    }

    private static func list(_ name: String) throws(LinuxError) -> [Int] {
        let path = "/sys/devices/system/cpu/\(name)"
        let text = try Files.readText(path, limit: 1 << 16)
        guard let numbers = parse(text), !numbers.isEmpty else {
            throw LinuxError(.illegalBytes, call: "read", path: path)
        }
        return numbers
    }

    /// Reads a list such as `0-3,8,10-11`, ascending; `nil` when it is not one. Linux has at most 8192 CPUs.
    static func parse(_ text: String) -> [Int]? {
        var numbers: [Int] = []
        let trimmed = text.prefix { $0 != "\n" }
        for part in trimmed.split(separator: ",") {
            let ends = part.split(separator: "-", maxSplits: 1).map { Int($0) }
            guard let first = ends.first ?? nil, let last = ends.last ?? nil, first >= 0, first <= last, last < 1 << 16
            else { return nil }
            numbers.append(contentsOf: first...last)
        }
        return numbers
    }
}
