// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Linux

extension ObjectLoader {
    /// Takes the rights that were delegated to a bpffs, where the caller or the environment says so.
    ///
    /// A process without the rights of root, in a user namespace of its own, can load with a token that another process
    /// prepared for it by mounting a bpffs with `delegate_cmds` and the like.
    mutating func openToken() throws(BPFError) {
        guard let path = options.tokenPath ?? Environment.variable("LIBBPF_BPF_TOKEN_PATH"), !path.isEmpty else {
            return
        }
        do throws(LinuxError) {
            let folder = try FileDescriptor.open(path, .directory)
            token = SharedDescriptor(
                name: path, descriptor: try BPFSystemCall.createToken(fileSystem: folder.rawValue))
            report.entries.append(.usedToken(path: path))
        } catch {
            let context: [DiagnosticContext] = [.init("path", path)]
            let current = KernelVersion.current
            switch error.errno {
            case .invalidArgument where current < "6.9":
                throw BPFError(
                    .notSupported, "delegated rights (BPF tokens) need Linux 6.9, this is \(current)", context: context,
                    cause: error)
            case .notSupported:
                throw BPFError(
                    .refused, "delegated rights are for processes in a user namespace of their own", context: context,
                    hint: "run this in the user namespace that the bpffs was mounted for", cause: error)
            case .noSuchFileOrDirectory where BPFFileSystem.contains(path):
                throw BPFError(
                    .refused, "no rights are delegated to the bpffs", context: context,
                    hint: "mount it with delegate_cmds=any,delegate_maps=any,delegate_progs=any,delegate_attachs=any",
                    cause: error)
            default:
                throw BPFError.system(error, "cannot use the rights delegated to \(path)", context: context)
            }
        }
    }
}
