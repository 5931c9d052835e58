// SPDX-License-Identifier: Apache-2.0

/// Which process made something that outlives it, such as a filter, a route or a probe: told by the thing's name, so that
/// another process can take it away when its maker is gone.
public struct ProcessOwner: Hashable, Sendable {
    /// The inode of the process's namespace of process numbers.
    private let namespace: UInt64
    private let process: Int32
    /// When the process started, in the kernel's ticks since boot: numbers of processes come again.
    private let start: UInt64

    /// This process.
    public static let current = ProcessOwner(
        namespace: (try? Files.identity("/proc/self/ns/pid").inode) ?? 0, process: Processes.current,
        start: startTime(of: Processes.current) ?? 0)

    private init(namespace: UInt64, process: Int32, start: UInt64) {
        self.namespace = namespace
        self.process = process
        self.start = start
    }

    /// Reads what ``text(separator:)`` wrote; `nil` for anything else.
    public init?(_ text: some StringProtocol, separator: Character) {
        let parts = text.split(separator: separator, omittingEmptySubsequences: false)
        guard parts.count == 3, let namespace = UInt64(parts[0]), let process = Int32(parts[1]),
            let start = UInt64(parts[2])
        else { return nil }
        self.init(namespace: namespace, process: process, start: start)
    }

    /// The owner in a name: three numbers.
    public func text(separator: Character) -> String {
        "\(namespace)\(separator)\(process)\(separator)\(start)"
    }

    /// Whether the process has surely ended. One of another process namespace may live: nobody here can tell.
    public var isGone: Bool {
        guard namespace != 0, namespace == Self.current.namespace else { return false }
        return Self.startTime(of: process) != start
    }

    /// The 22nd field of /proc/PID/stat; the second one is in parentheses and may hold blanks.
    private static func startTime(of process: Int32) -> UInt64? {
        guard let text = try? Files.readText("/proc/\(process)/stat", limit: 1 << 16),
            let end = text.lastIndex(of: ")")
        else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        return fields.count > 19 ? UInt64(fields[19]) : nil
    }
}
