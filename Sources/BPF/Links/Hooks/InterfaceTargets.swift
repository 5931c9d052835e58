// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Diagnostics
import Linux

/// Attaches to each of the interfaces that the options name, in their network namespace.
enum InterfaceTargets {
    static func attach(
        _ program: Program, _ options: AttachOptions, what: String,
        each: @escaping @Sendable (_ index: UInt32) throws(LinuxError) -> LinkPart
    ) throws(BPFError) -> Link {
        guard !options.interfaces.isEmpty else {
            throw BPFError(
                .invalidArgument, "the program \(program.name) is attached to a network interface, but none is given",
                context: [.init("section", program.spec.section)],
                hint: "give --iface NAME; `ip link` lists the interfaces")
        }
        var parts: [LinkPart] = []
        for name in options.interfaces {
            let part: LinkPart
            do throws(LinuxError) {
                let attach = { @Sendable () throws(LinuxError) -> LinkPart in
                    try each(try Interfaces.index(named: name))
                }
                if let namespace = options.networkNamespace {
                    part = try namespace.run(attach)
                } else {
                    part = try attach()
                }
            } catch {
                if error.errno == .noSuchDevice || error.errno == .noSuchDeviceOrAddress {
                    throw BPFError(
                        .notFound, "there is no network interface \(name)",
                        hint: "`ip link` lists the interfaces", cause: error)
                }
                if error.errno == .noSuchFileOrDirectory, let namespace = options.networkNamespace {
                    throw BPFError(
                        .notFound, "there is no network namespace \(Self.describe(namespace))",
                        hint: "`ip netns` lists those with a name; a path such as /proc/PID/ns/net names others",
                        cause: error)
                }
                throw program.attachError(error, to: "the interface \(name)")
            }
            parts.append(part)
        }
        return Link("\(what) of \(options.interfaces.joined(separator: ", "))", parts: parts)
    }

    private static func describe(_ namespace: NetworkNamespace) -> String {
        switch namespace {
        case .path(let path): path
        case .process(let process): "of the process \(process)"
        case .descriptor(let descriptor): "at descriptor \(descriptor)"
        }
    }
}
