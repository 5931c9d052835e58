// SPDX-License-Identifier: Apache-2.0

public import BTF
import Bytes
import Diagnostics
public import Linux

/// Types that the running kernel holds: its own, a module's, or those of programs and maps.
///
/// - Note: `BPF_BTF_GET_FD_BY_ID`, Linux 4.18; names and origin 5.11.
public final class LiveTypes: Sendable {
    /// What the kernel told when this was opened.
    public let information: BTFInformation
    private let descriptor: FileDescriptor

    /// Opens types by their number.
    ///
    /// - Throws: ``BPFError`` with code `notFound` when there are none.
    public init(id: UInt32) throws(BPFError) {
        let descriptor = try LiveObjects.open(.btf, id)
        do throws(LinuxError) {
            information = try BPFSystemCall.btfInformation(of: descriptor.rawValue)
        } catch {
            throw BPFError.system(error, "the kernel does not describe its BTF \(id)")
        }
        self.descriptor = descriptor
    }

    /// The number, as long as they are loaded.
    public var id: UInt32 { information.id }

    /// Reads the types; those of a module stand on the kernel's own.
    ///
    /// - Throws: ``BPFError`` when they cannot be read.
    public func table() throws(BPFError) -> BTFTable {
        let data: [UInt8]
        do throws(LinuxError) {
            data = try BPFSystemCall.btfData(of: descriptor.rawValue)
        } catch {
            throw BPFError.system(error, "the types of BTF \(id) cannot be read")
        }
        let isModule = information.isKernel && information.name != "vmlinux"
        let base = isModule ? try KernelTypes.running.core() : nil
        do throws(BTFError) {
            return try BTFTable(OwnedBytes(data), base: base)
        } catch {
            throw BPFError(.malformed, "the types of BTF \(id) cannot be decoded", cause: error)
        }
    }
}
