// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BPF
import Linux

/// Where XDP programs run, by name.
struct XDPModeArgument: ExpressibleByArgument {
    let mode: AttachOptions.XDPMode

    init?(argument: String) {
        switch argument {
        case "automatic": mode = .automatic
        case "native": mode = .native
        case "generic": mode = .generic
        case "hardware": mode = .hardware
        default: return nil
        }
    }

    static var allValueStrings: [String] { ["automatic", "native", "generic", "hardware"] }
}

/// A program on the same hook: `42`, `link:7`, or `all`.
struct NeighbourArgument: ExpressibleByArgument {
    /// The program, or `nil` for all.
    let neighbour: AttachOrder.Neighbour?

    init?(argument: String) {
        if argument == "all" {
            neighbour = nil
        } else if argument.hasPrefix("link:"), let id = UInt32(argument.dropFirst(5)), id > 0 {
            neighbour = .link(id: id)
        } else if let id = UInt32(argument), id > 0 {
            neighbour = .program(id: id)
        } else {
            return nil
        }
    }
}

/// A netfilter hook: `input`, `ipv6/output`.
struct NetfilterArgument: ExpressibleByArgument {
    let place: NetfilterPlace

    init?(argument: String) {
        guard let place = NetfilterPlace(argument) else { return nil }
        self.place = place
    }
}

/// A route: `10.1.0.0/16`, or with a gateway `10.1.0.0/16,192.0.2.1`.
struct RouteArgument: ExpressibleByArgument {
    let destination: String
    let gateway: String?

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { String($0) }
        guard (1...2).contains(parts.count), parts.allSatisfy({ InternetPrefix($0) != nil }) else { return nil }
        destination = parts[0]
        gateway = parts.count == 2 ? parts[1] : nil
    }
}
