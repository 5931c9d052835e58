// SPDX-License-Identifier: Apache-2.0

/// A local variable or parameter of a function.
public struct DWARFVariable: Sendable, Hashable {
    /// The name in the source.
    public let name: String
    /// The type as declared.
    public let type: DWARFTypeID
    /// The file it is declared in, with its whole path; `nil` when unknown.
    public let file: String?
    /// The line it is declared in; 0 when unknown.
    public let line: UInt64
    /// It is a parameter.
    public let isParameter: Bool
    /// The function it belongs to, which can have been inlined.
    public let function: String
    /// How many inlined functions and blocks it is in; 0 for the outermost function itself.
    public let depth: Int
    /// Where it is, and when; empty when it was optimised away.
    public let locations: [DWARFLocationRange]

    /// Where it is while the program is at an address; `nil` when it is nowhere then.
    public func location(at address: DWARFAddress) -> DWARFLocation? {
        // An entry without range is the default for addresses that no other one covers.
        locations.first { $0.range?.contains(address) ?? false }?.location
            ?? locations.first { $0.range == nil }?.location
    }
}

/// A moment of a program and a register that is asked about.
public struct DWARFRegisterPlace: Sendable, Hashable {
    /// The offset in the section in bytes.
    public let offset: UInt64
    /// The register.
    public let register: Int

    /// Names a register at an offset.
    public init(offset: UInt64, register: Int) {
        self.offset = offset
        self.register = register
    }
}
