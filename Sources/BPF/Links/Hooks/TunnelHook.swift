// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Linux

/// Packets that take a route: `lwt_in`, `lwt_out`, `lwt_xmit`, `lwt_seg6local`. Attaching adds the route, and detaching
/// removes it.
///
/// - Note: Linux 4.10, `lwt_seg6local` 4.18; `net/core/lwt_bpf.c`, `net/ipv6/seg6_local.c`.
enum TunnelHook: Hook {
    static let families: [HookFamily] = [.tunnel]

    static func attach(_ program: Program, options: AttachOptions) throws(BPFError) -> Link {
        guard let text = options.route else {
            throw BPFError(
                .invalidArgument, "the program \(program.name) is attached to a route, but none is given",
                hint: "give --route ADDRESS/LENGTH and the --iface that it leads to")
        }
        guard let destination = InternetPrefix(text) else {
            throw BPFError(
                .invalidArgument, "\(text) is no range of addresses", hint: "write it like 10.1.0.0/16 or 2001:db8::/32")
        }
        let gateway: [UInt8]?
        if let text = options.gateway {
            guard let address = InternetPrefix(text)?.address, address.count == destination.address.count else {
                throw BPFError(.invalidArgument, "\(text) is no address of the same family as \(destination)")
            }
            gateway = address
        } else {
            gateway = nil
        }
        let place = place(of: program)
        if place == .segment, !destination.isVersion6 {
            throw BPFError(.invalidArgument, "segment routing is for IPv6, but \(destination) is a range of IPv4")
        }
        let requirement = KernelRequirement.loading(program.spec.hook)
        return try InterfaceTargets.attach(
            program, options, what: "the route to \(destination)",
            explain: { error, name in
                if let lack = requirement?.explaining(error) { return lack }
                guard error.errno == .exists else { return nil }
                return BPFError(
                    .system, "there is a route to \(destination) already", hint: "`ip route show \(destination)` shows it",
                    cause: error)
            },
            each: { target throws(LinuxError) in
                let route = TunnelRoutes.Route(to: destination, interface: target.index, gateway: gateway)
                try TunnelRoutes.add(route, program: program.rawDescriptor, name: program.name, at: place)
                return LinkPart(TunnelAttachment(program, target, route, place))
            })
    }

    private static func place(of program: Program) -> TunnelRoutes.Place {
        switch program.spec.hook?.name {
        case "lwt_in": .input
        case "lwt_out": .output
        case "lwt_seg6local": .segment
        default: .transmit
        }
    }
}

/// A route that attaching added.
private final class TunnelAttachment: ManualAttachment {
    private let program: AttachedProgram
    private let target: InterfaceTargets.Target
    private let route: TunnelRoutes.Route
    private let place: TunnelRoutes.Place

    init(
        _ program: Program, _ target: InterfaceTargets.Target, _ route: TunnelRoutes.Route, _ place: TunnelRoutes.Place
    ) {
        self.program = AttachedProgram(program)
        self.target = target
        self.route = route
        self.place = place
    }

    func end() {
        try? target.namespace.run { [route] () throws(LinuxError) in try TunnelRoutes.remove(route) }
    }

    func update(to new: Program, replacing expected: Program?) throws(LinuxError) {
        try program.replace(with: new, expecting: expected) { _ throws(LinuxError) in
            let (descriptor, name) = (new.rawDescriptor, new.name)
            try target.namespace.run { [route, place] () throws(LinuxError) in
                try TunnelRoutes.add(route, program: descriptor, name: name, at: place, replaces: true)
            }
        }
    }
}
