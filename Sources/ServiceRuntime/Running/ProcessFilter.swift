// SPDX-License-Identifier: Apache-2.0

import BPF
import BPFObject
import BTF
import Schema

/// Limits a service to one process: in the kernel where a variable is meant for that, and on the rows.
struct ProcessFilter {
    private let process: Int32?

    /// Names that sources give to the process that they shall observe.
    private static let variables = [
        "pid", "target_pid", "targ_pid", "pid_target", "filter_pid", "tgid", "target_tgid", "targ_tgid", "tgid_target",
        "filter_tgid",
    ]

    /// Sets the variable for the process, if the object has one.
    ///
    /// The number is given as the caller sees it; programs see the kernel's own.
    init(_ run: RunOptions, _ spec: inout ObjectSpec) throws {
        process = try run.process.map { try ProcessNumber.inKernel(of: $0) }
        guard let process else { return }
        for name in Self.variables {
            guard let variable = spec.variable(named: name), variable.access == .readOnly, variable.size <= 8 else {
                continue
            }
            try FlagParser.set(name, String(process), in: &spec)
            break
        }
    }

    /// The filter for a stream's rows: the caller's, and the process where rows tell it.
    func expression(for stream: StreamDescription, types: BTFTable?, with filter: String?) -> String? {
        guard let process, let types, let row = stream.rows.first,
            let schema = try? RowSchema(table: types, type: row.type),
            let column = ["tgid", "pid"].first(where: { name in schema.columns.contains { $0.path == name } })
        else { return filter }
        let own = "\(column)==\(process)"
        return filter.map { "(\($0)) && \(own)" } ?? own
    }
}
