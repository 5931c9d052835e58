// SPDX-License-Identifier: Apache-2.0

/// An address in debug information.
///
/// In a relocatable file every section starts at 0, so an address is a section and an offset in it; in an executable it
/// is a plain address without section.
public struct DWARFAddress: Sendable, Hashable {
    /// The index in the ELF file's section table; `nil` in executables and for constants.
    public let section: Int?
    /// The offset in the section in bytes, or the address.
    public let value: UInt64

    /// Makes an address.
    public init(section: Int?, value: UInt64) {
        self.section = section
        self.value = value
    }

    func advanced(by distance: UInt64) -> DWARFAddress {
        DWARFAddress(section: section, value: value &+ distance)
    }
}

/// Addresses of one section from a first one to before a last one.
public struct DWARFRange: Sendable, Hashable {
    /// The section of both ends; `nil` in executables.
    public let section: Int?
    /// The first address.
    public let start: UInt64
    /// The address after the last one.
    public let end: UInt64

    /// Says whether an address lies in the range.
    public func contains(_ address: DWARFAddress) -> Bool {
        address.section == section && address.value >= start && address.value < end
    }
}
