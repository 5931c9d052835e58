// SPDX-License-Identifier: Apache-2.0

/// The fields of /proc/PID/status (proc_pid_status(5)).
public struct ProcessStatus: Sendable {
    private let fields: [Substring: Substring]

    init(parsing text: String) {
        var fields: [Substring: Substring] = [:]
        for line in text.split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == "\t" || $0 == " " }
            fields[line[..<colon]] = value
        }
        self.fields = fields
    }

    /// Reads the status of a process, of the calling process by default.
    public static func of(_ process: Int32? = nil) throws(LinuxError) -> ProcessStatus {
        let directory = process.map { String($0) } ?? "self"
        return ProcessStatus(parsing: try Files.readText("/proc/\(directory)/status", limit: 1 << 20))
    }

    /// A field's text, such as `Name` or `VmRSS`.
    public subscript(name: String) -> String? {
        fields[name[...]].map { String($0) }
    }

    /// The command's short name.
    public var name: String { self["Name"] ?? "" }

    /// The process's number in each of its pid namespaces, from that of the reader's /proc to the innermost.
    public var namespaceNumbers: [Int32] {
        (self["NSpid"] ?? "").split(whereSeparator: { $0 == "\t" || $0 == " " }).compactMap { Int32($0) }
    }

    /// The real user's number.
    public var userID: UInt32? {
        (self["Uid"] ?? "").split(whereSeparator: { $0 == "\t" || $0 == " " }).first.flatMap { UInt32($0) }
    }
}
