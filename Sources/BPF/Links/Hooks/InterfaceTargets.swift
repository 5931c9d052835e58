// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Diagnostics
import Linux

/// Attaches to each of the interfaces that the options name, in their network namespace.
enum InterfaceTargets {
    /// One interface to attach to.
    struct Target: Sendable {
        /// Its number.
        let index: UInt32
        /// Where it is; the calling thread is there already.
        let namespace: AttachmentNamespace
    }

    /// Attaches.
    ///
    /// - Parameters:
    ///   - what: what a link is told to be attached to, before the interfaces' names.
    ///   - explain: tells a failure better than the kernel does, with the interface's name; or `nil`.
    ///   - each: attaches to one interface; runs in its namespace.
    static func attach(
        _ program: Program, _ options: AttachOptions, what: String,
        explain: (LinuxError, String) -> BPFError? = { _, _ in nil },
        each: @escaping @Sendable (Target) throws(LinuxError) -> LinkPart
    ) throws(BPFError) -> Link {
        guard !options.interfaces.isEmpty else {
            throw BPFError(
                .invalidArgument, "the program \(program.name) is attached to a network interface, but none is given",
                context: [.init("section", program.spec.section)],
                hint: "give --iface NAME; `ip link` lists the interfaces")
        }
        let namespace = try open(options.networkNamespace)
        var parts: [LinkPart] = []
        for name in options.interfaces {
            do throws(LinuxError) {
                parts.append(
                    try namespace.run { () throws(LinuxError) -> LinkPart in
                        try each(Target(index: try Interfaces.index(named: name), namespace: namespace))
                    })
            } catch {
                if error.errno == .noSuchDevice || error.call == "if_nametoindex" {
                    throw BPFError(
                        .notFound, "there is no network interface \(name)",
                        hint: "`ip link` lists the interfaces", cause: error)
                }
                throw explain(error, name) ?? program.attachError(error, to: "the interface \(name)")
            }
        }
        return Link("\(what) of \(options.interfaces.joined(separator: ", "))", parts: parts)
    }

    /// Opens the namespace that the options name.
    static func open(_ namespace: NetworkNamespace?) throws(BPFError) -> AttachmentNamespace {
        do throws(LinuxError) {
            return try AttachmentNamespace(namespace)
        } catch {
            let name = namespace.map { describe($0) } ?? "of this process"
            if error.errno == .noSuchFileOrDirectory {
                throw BPFError(
                    .notFound, "there is no network namespace \(name)",
                    hint: "`ip netns` lists those with a name; a path such as /proc/PID/ns/net names others",
                    cause: error)
            }
            throw BPFError.system(error, "cannot enter the network namespace \(name)")
        }
    }

    static func describe(_ namespace: NetworkNamespace) -> String {
        switch namespace {
        case .path(let path): path
        case .process(let process): "of the process \(process)"
        case .descriptor(let descriptor): "at descriptor \(descriptor)"
        }
    }
}
