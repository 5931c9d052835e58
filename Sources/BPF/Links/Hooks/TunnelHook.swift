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
                .invalidArgument, "\(text) is no range of addresses", hint: "write it like 10.1.0.0/16 or 2001:db8::/32"
            )
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
                    .system, "there is a route to \(destination) already",
                    hint: "`ip route show \(destination)` shows it",
                    cause: error)
            },
            each: { target throws(LinuxError) in
                let route = TunnelRoutes.Route(to: destination, interface: target.index, gateway: gateway)
                let name = try name(of: program)
                do throws(LinuxError) {
                    try TunnelRoutes.add(route, program: program.rawDescriptor, name: name, at: place)
                } catch {
                    guard error.errno == .exists, sweep(destination) else { throw error }
                    try TunnelRoutes.add(route, program: program.rawDescriptor, name: name, at: place)
                }
                return LinkPart(TunnelAttachment(program, target, route, place))
            })
    }

    /// The kernel takes routes whose programs have the same name for the same route, so the name is made one of a kind.
    fileprivate static func name(of program: Program) throws(LinuxError) -> String {
        OwnedName.of(program.name) + ":\(try BPFSystemCall.programInformation(of: program.rawDescriptor).id)"
    }

    /// Takes away the routes to a destination that processes that died have left behind; answers whether there were any.
    private static func sweep(_ destination: InternetPrefix) -> Bool {
        var isSwept = false
        for (route, names) in (try? TunnelRoutes.routes(to: destination)) ?? []
        where names.contains(where: OwnedName.isAbandoned) {
            if (try? TunnelRoutes.remove(route)) != nil { isSwept = true }
        }
        return isSwept
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
            let (descriptor, name) = (new.rawDescriptor, try TunnelHook.name(of: new))
            try target.namespace.run { [route, place] () throws(LinuxError) in
                try TunnelRoutes.add(route, program: descriptor, name: name, at: place, replaces: true)
            }
        }
    }
}
