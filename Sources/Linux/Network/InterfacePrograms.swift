// SPDX-License-Identifier: Apache-2.0

import CLinux

/// XDP programs attached without a link, through rtnetlink, as before Linux 5.9.
public enum InterfacePrograms {
    /// Sets an interface's XDP program.
    ///
    /// - Parameters:
    ///   - program: the program's descriptor; `nil` removes.
    ///   - index: the interface.
    ///   - flags: `XDP_FLAGS_*`: 1 only when there is none, 2 generic, 4 native, 8 offload, 16 only when `expected` is
    ///     there (Linux 5.7; added by itself).
    ///   - expected: the descriptor of the program that must be there.
    /// - Throws: `EBUSY` or `EEXIST` when another program is there, `EOPNOTSUPP` when the driver has no native XDP.
    public static func setXDP(
        _ program: Int32?, on index: UInt32, flags: UInt32, expected: Int32? = nil
    ) throws(LinuxError) {
        var socket = try NetlinkSocket()
        var header = skep_interface_message()
        header.index = Int32(bitPattern: index)
        var message = NetlinkMessage(type: 19, flags: 4, header: header)  // RTM_SETLINK
        message.nested(43) { xdp in  // IFLA_XDP
            xdp.attribute(1, number: UInt32(bitPattern: program ?? -1))  // IFLA_XDP_FD
            xdp.attribute(3, number: expected == nil ? flags : flags | 16)  // IFLA_XDP_FLAGS
            if let expected { xdp.attribute(8, number: UInt32(bitPattern: expected)) }  // IFLA_XDP_EXPECTED_FD
        }
        _ = try socket.request(message, "netlink(RTM_SETLINK, IFLA_XDP)")
    }
}
