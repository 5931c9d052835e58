// SPDX-License-Identifier: Apache-2.0

/// One entry of the tree of debug information, found when the file is opened; its attributes are read when asked for.
struct EntryRecord: Sendable {
    /// Where it starts in its section.
    let offset: UInt32
    /// Where its attributes start.
    let attributesOffset: UInt32
    let abbreviation: UInt32
    let unit: UInt32
    /// The index of the entry that this one is in; -1 for a unit's first one.
    let parent: Int32
    /// The index after its last descendant.
    var end: UInt32
}
