// SPDX-License-Identifier: Apache-2.0

/// How far a run has come, for a caller that wants to know more than that it failed.
public enum RunPhase: Sendable, Hashable {
    /// The kernel took the programs.
    case loaded
    /// The programs are attached.
    case attached
    /// It ended: how many rows were shown, how many records were lost, and how many rows met each of
    /// ``RunOptions/conditions``.
    case ended(rows: UInt64, lost: UInt64, matches: [UInt64])
}
