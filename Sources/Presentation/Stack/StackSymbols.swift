// SPDX-License-Identifier: Apache-2.0

public import Schema

/// Turns stacks into names; the caller knows how.
public struct StackSymbols {
    /// The name of an instruction address, of the kernel or of a process; `nil` when it is unknown.
    public var symbol: (_ address: UInt64, _ space: StackSpace, _ processID: UInt32?) -> String?
    /// The addresses of a stack in a stack trace map, innermost first; `nil` when it is gone.
    public var frames: (_ stackID: Int64, _ space: StackSpace) -> [UInt64]?

    /// Makes a resolver.
    public init(
        symbol: @escaping (_ address: UInt64, _ space: StackSpace, _ processID: UInt32?) -> String?,
        frames: @escaping (_ stackID: Int64, _ space: StackSpace) -> [UInt64]? = { _, _ in nil }
    ) {
        self.symbol = symbol
        self.frames = frames
    }

    /// The names of addresses; an address without a name is shown in hex.
    func names(_ addresses: [UInt64], _ space: StackSpace, processID: UInt32?) -> [String] {
        addresses.map { address in
            let own: StackSpace = space == .either ? address >> 63 == 1 ? .kernel : .user : space
            return symbol(address, own, processID) ?? "0x" + String(address, radix: 16)
        }
    }
}
