// SPDX-License-Identifier: Apache-2.0

/// Names a type of one ``DWARFInformation``.
public struct DWARFTypeID: Sendable, Hashable {
    /// 0 for ``void``, else one more than the position of the type's entry.
    let rawValue: UInt32

    /// No type: what a function without result returns, and what `void *` points to.
    public static let void = DWARFTypeID(rawValue: 0)

    init(rawValue: UInt32) { self.rawValue = rawValue }

    init(entry: Int?) { rawValue = entry.flatMap { UInt32(exactly: $0 + 1) } ?? 0 }

    var entry: Int? { rawValue == 0 ? nil : Int(rawValue) - 1 }
}
