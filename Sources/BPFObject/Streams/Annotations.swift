// SPDX-License-Identifier: Apache-2.0

public import BTF

/// What a built object tells about itself with declaration tags in its types: row types of streams, and help texts.
///
/// A tag `skep:row:MAP` on a struct says that the map's records have this type; `skep:help:TEXT` on a variable is the
/// comment that stood above it.
public struct Annotations: Sendable {
    /// The prefix of a tag that names a map's row type.
    public static let rowPrefix = "skep:row:"
    /// The prefix of a tag that carries a variable's help.
    public static let helpPrefix = "skep:help:"

    /// The row types of maps, by the map's name.
    public private(set) var rows: [String: [BTFTypeID]] = [:]
    /// The help texts of variables, by the variable's name.
    public private(set) var help: [String: String] = [:]

    /// Whether there are none.
    public var isEmpty: Bool { rows.isEmpty && help.isEmpty }

    /// Reads the tags of an object's types.
    ///
    /// - Complexity: O(types).
    public init(_ types: BTFTable) {
        for id in 1..<max(UInt32(clamping: types.typeCount), 1) {
            let id = BTFTypeID(id)
            guard types.kind(id) == .declarationTag, case .declarationTag(let tag)? = try? types.type(id) else {
                continue
            }
            if tag.name.hasPrefix(Self.rowPrefix) {
                rows[String(tag.name.dropFirst(Self.rowPrefix.count)), default: []].append(tag.type)
            } else if tag.name.hasPrefix(Self.helpPrefix), let name = try? types.name(tag.type) {
                help[name] = String(tag.name.dropFirst(Self.helpPrefix.count))
            }
        }
    }
}
