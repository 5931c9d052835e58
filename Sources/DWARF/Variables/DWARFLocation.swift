// SPDX-License-Identifier: Apache-2.0

/// Where a variable is.
public enum DWARFLocation: Sendable, Hashable {
    /// Its value is in a register.
    case register(Int)
    /// Its value is a register's value plus a constant; it is not in memory.
    case registerValue(Int, offset: Int64)
    /// It is in memory at a register's value plus an offset.
    ///
    /// LLVM counts offsets on BPF's stack from the frame's lowest address, although it names register 10, which is the
    /// highest: ``DWARFInformation/stackVariables(inSection:at:displacement:size:frameSize:)`` takes care of it.
    case memory(register: Int, offset: Int64)
    /// Parts of it are in memory, each where it would be if the whole was at a register's value plus an offset.
    case partlyInMemory(register: Int, offset: Int64)
    /// It is in memory at an address.
    case address(DWARFAddress)
    /// It has this value and is nowhere.
    case constant(UInt64)
    /// It was optimised away.
    case unavailable
    /// It is in several pieces, or its place is computed in a way that is not understood.
    case complex
}

/// Where a variable is while the program is at certain addresses.
public struct DWARFLocationRange: Sendable, Hashable {
    /// The addresses; `nil` for the variable's whole life.
    public let range: DWARFRange?
    /// Where it is then.
    public let location: DWARFLocation
}
