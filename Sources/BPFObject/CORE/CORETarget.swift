// SPDX-License-Identifier: Apache-2.0

public import BTF

/// Types to relocate against: those of a kernel or of one of its modules.
public struct CORETarget: Sendable {
    /// What reports call it: `vmlinux`, or a module's name.
    public let name: String
    /// The types. Of a module's table, only those that are not its base's are candidates.
    public let table: BTFTable

    /// Makes a target.
    public init(name: String, table: BTFTable) {
        self.name = name
        self.table = table
    }
}
