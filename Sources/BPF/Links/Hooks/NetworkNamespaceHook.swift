// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Linux

/// Decisions of a network namespace: `sk_lookup` chooses the socket of an incoming connection or datagram,
/// `flow_dissector` reads the headers that packets are told apart by.
///
/// - Note: a link since Linux 5.8, `sk_lookup` 5.9; `kernel/bpf/net_namespace.c`.
enum NetworkNamespaceHook: Hook {
    static let families: [HookFamily] = [.networkNamespace]

    private static let requirement = KernelRequirement(what: "links to network namespaces", version: "5.8")

    static func attach(_ program: Program, options: AttachOptions) throws(BPFError) -> Link {
        let attachType = program.spec.hook?.expectedAttachType ?? 17
        let name = options.networkNamespace.map { InterfaceTargets.describe($0) } ?? "of this process"
        // Told apart from a failure of the attachment.
        _ = try InterfaceTargets.open(options.networkNamespace)
        do throws(LinuxError) {
            let namespace = try (options.networkNamespace ?? .path("/proc/thread-self/ns/net")).open()
            let link = try BPFSystemCall.createLink(
                LinkCreation(
                    program: program.rawDescriptor, targetDescriptor: namespace.rawValue, attachType: attachType))
            return Link("the network namespace \(name)", descriptor: link)
        } catch {
            if let lack = requirement.explaining(error) { throw lack }
            if error.errno == .exists || error.errno == .busy || error.errno == .tooBig {
                throw BPFError(
                    .system, "the network namespace \(name) has another \(program.spec.hook?.name ?? "") program already",
                    hint: "`bpftool link` shows it", cause: error)
            }
            throw program.attachError(error, to: "the network namespace \(name)")
        }
    }
}
