// SPDX-License-Identifier: Apache-2.0

public import BPFObject
import Diagnostics
import Linux

/// A program that the verifier accepted.
///
/// A program is shared by links and program arrays, so this is a reference; the descriptor closes with the last one.
///
/// - Note: `BPF_PROG_LOAD`, `kernel/bpf/syscall.c`.
public final class Program: Sendable {
    /// What the object says of the program.
    public let spec: ProgramSpec
    private let descriptor: FileDescriptor
    /// `enum bpf_attach_type` that the program was loaded with.
    let expectedAttachType: UInt32
    /// Where the program looks for the values of static probes.
    let staticProbes: StaticProbeRegistry?
    /// The only interface that the program runs on; nil for any.
    let boundInterface: String?

    init(
        spec: ProgramSpec, descriptor: consuming FileDescriptor, expectedAttachType: UInt32? = nil,
        staticProbes: StaticProbeRegistry? = nil, boundInterface: String? = nil
    ) {
        self.spec = spec
        self.descriptor = descriptor
        self.expectedAttachType = expectedAttachType ?? spec.hook?.expectedAttachType ?? 0
        self.staticProbes = staticProbes
        self.boundInterface = boundInterface
    }

    /// The name of the program's function.
    public var name: String { spec.name }

    /// The number of the descriptor, valid as long as this object lives.
    public var rawDescriptor: Int32 { descriptor.rawValue }

    /// Keeps the program alive by a path of a bpffs.
    public func pin(at path: String) throws(BPFError) {
        do throws(LinuxError) {
            try BPFSystemCall.pin(rawDescriptor, path: path)
        } catch {
            throw BPFError.system(error, "cannot pin the program \(name)", context: [.init("path", path)])
        }
    }
}
