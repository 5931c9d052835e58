// SPDX-License-Identifier: Apache-2.0

/// A program as an object describes it: a function and the hook that its section names.
public struct ProgramSpec: Sendable {
    /// The name of the function that is the program's entry.
    public var name: String
    /// The section's name without a leading `?`, such as `tracepoint/syscalls/sys_enter_openat`.
    public var section: String
    /// Whether the program is loaded unless the caller says otherwise; a `?` before the section's name turns it off.
    public var isLoadedByDefault: Bool
    /// The hook that the section's name stands for, or `nil` when no hook has such a name.
    public var hook: SectionDefinition?
    /// What follows the hook's name in the section's name, such as `syscalls/sys_enter_openat`.
    public var target: String?
}
