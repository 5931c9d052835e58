// SPDX-License-Identifier: Apache-2.0

import BPF
import BPFObject
import Linux

/// What the command line adds to the sections of a service's programs.
struct AttachPlan {
    var options = AttachOptions()

    init(_ run: RunOptions) {
        options.interfaces = run.interfaces
        options.networkNamespace = run.networkNamespace.map { name in
            .path(name.contains("/") ? name : "/run/netns/\(name)")
        }
        options.cgroup = run.cgroup
        options.xdpMode = run.xdpMode
        options.order = run.order
        options.priority = run.priority
        options.netfilter = run.netfilter
        options.route = run.route?.destination
        options.gateway = run.route?.gateway
        options.binary = run.binary
        options.symbol = run.symbol
        options.process = run.process
        if let frequency = run.frequency { options.frequency = frequency }
        if run.isEgress { options.direction = .egress }
    }

    /// What a program still needs before it can be attached, as an option of the command line, or `nil`.
    func missingOption(for program: ProgramSpec) -> String? {
        switch program.hook?.family {
        case .xdp, .trafficControl, .netkit: return options.interfaces.isEmpty ? "--iface" : nil
        case .socketFilter: return options.interfaces.isEmpty && options.socket == nil ? "--iface" : nil
        case .netfilter: return options.netfilter == nil ? "--netfilter-hook" : nil
        case .tunnel: return options.route == nil ? "--route" : options.interfaces.isEmpty ? "--iface" : nil
        case .cgroup: return options.cgroup == nil ? "--cgroup" : nil
        case .uprobe:
            let target = program.target ?? ""
            let colon = target.lastIndex(of: ":")
            if options.binary == nil, colon == nil, !target.contains("/") { return "--binary" }
            // `uprobe/FUNCTION` names the function alone.
            if options.symbol == nil, colon == nil, target.isEmpty || target.contains("/") { return "--symbol" }
            return nil
        default: return nil
        }
    }
}
