// SPDX-License-Identifier: Apache-2.0

/// What a check proves of a kernel: a row of the table of support.
///
/// ```swift
/// KernelCheck("a tcx link sees every frame", minimumKernel: "6.6", subject: .hook("tcx")) { … }
/// ```
public struct CheckSubject: Sendable, Hashable {
    /// The part of the table.
    public let group: Group
    /// The name of the row: the section's, the map kind's in lower case, or a short name.
    public let name: String

    /// The parts of the table.
    public enum Group: String, Sendable, Hashable, CaseIterable {
        /// A place where programs are attached.
        case hook
        /// A kind of map.
        case map
        /// Something else that a kernel has or has not.
        case feature
    }

    /// A hook, by the name of its section.
    public static func hook(_ name: String) -> CheckSubject { CheckSubject(group: .hook, name: name) }
    /// A kind of map, by the kernel's name in lower case without its prefix.
    public static func map(_ name: String) -> CheckSubject { CheckSubject(group: .map, name: name) }
    /// Anything else.
    public static func feature(_ name: String) -> CheckSubject { CheckSubject(group: .feature, name: name) }
}
