// SPDX-License-Identifier: Apache-2.0

import Linux

extension CheckNetwork {
    /// Runs something inside the namespace, on a thread of its own.
    borrowing func inside<Result: Sendable>(
        _ body: @Sendable () throws(LinuxError) -> Result
    ) throws(LinuxError) -> Result {
        try NetworkNamespace.descriptor(rawNamespace).run(body)
    }

    /// The number of an interface.
    borrowing func index(of interface: String) throws(LinuxError) -> UInt32 {
        try inside { () throws(LinuxError) in try Interfaces.index(named: interface) }
    }
}
