// SPDX-License-Identifier: Apache-2.0

import BPF
import Linux

extension CheckNetwork {
    /// Runs something in the network, on a thread of its own.
    borrowing func run<Result: Sendable>(_ body: @Sendable () -> Result) throws(LinuxError) -> Result {
        let descriptor = namespaceDescriptor
        return try NetworkNamespace.descriptor(descriptor).run { () throws(LinuxError) -> Result in body() }
    }
}
