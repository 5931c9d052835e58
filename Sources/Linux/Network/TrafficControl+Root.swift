// SPDX-License-Identifier: Apache-2.0

import CLinux

extension TrafficControl {
    /// Gives an interface a queueing discipline for what it sends (`tc qdisc replace dev NAME root KIND`).
    ///
    /// - Throws: `ENOENT` when the kernel has no discipline of this kind.
    public static func setRootDiscipline(_ kind: String, of interface: UInt32) throws(LinuxError) {
        // RTM_NEWQDISC with NLM_F_REQUEST, NLM_F_ACK, NLM_F_CREATE and NLM_F_REPLACE
        try rootDiscipline(interface, type: 36, flags: 0x505, kind: kind)
    }

    /// Gives an interface the discipline that the kernel chooses.
    public static func removeRootDiscipline(of interface: UInt32) throws(LinuxError) {
        try rootDiscipline(interface, type: 37, flags: 5, kind: nil)  // RTM_DELQDISC
    }

    private static func rootDiscipline(
        _ interface: UInt32, type: UInt16, flags: UInt16, kind: String?
    ) throws(LinuxError) {
        var socket = try NetlinkSocket()
        var header = skep_traffic_message()
        header.interface_index = Int32(bitPattern: interface)
        header.parent = 0xffff_ffff  // TC_H_ROOT
        if kind != nil { header.handle = 0x5ce_0000 }
        var message = NetlinkMessage(type: type, flags: flags, header: header)
        if let kind { message.attribute(1, text: kind) }
        _ = try socket.request(message, type == 36 ? "netlink(RTM_NEWQDISC)" : "netlink(RTM_DELQDISC)")
    }
}
