// SPDX-License-Identifier: Apache-2.0

import Linux

extension Program {
    /// The kernel's number of the program.
    ///
    /// - Throws: ``BPFError`` when the kernel does not tell.
    /// - Note: Linux 4.13.
    public var id: UInt32 {
        get throws(BPFError) {
            do throws(LinuxError) {
                return try BPFSystemCall.programInformation(of: rawDescriptor).id
            } catch {
                throw BPFError.system(error, "cannot describe the program \(name)")
            }
        }
    }
}
