// SPDX-License-Identifier: Apache-2.0

import Bytes
import CLinux

extension Interfaces {
    /// Makes a pair of netkit devices (Linux 6.7, `CONFIG_NETKIT`) in the calling thread's namespace.
    ///
    /// Programs are attached to the first one, for the traffic of either end; packets pass where there is none.
    ///
    /// - Parameter isLayer2: whether the devices carry frames with link-layer headers, as veth does, or packets only.
    /// - Throws: `EOPNOTSUPP` when the kernel has no such devices.
    public static func createNetkit(_ name: String, _ peer: String, isLayer2: Bool = true) throws(LinuxError) {
        var socket = try NetlinkSocket()
        // RTM_NEWLINK with NLM_F_ACK | NLM_F_EXCL | NLM_F_CREATE
        var message = NetlinkMessage(type: 16, flags: 0x604, header: skep_interface_message())
        message.attribute(3, text: name)
        message.nested(18) { link in
            link.attribute(1, text: "netkit")
            link.nested(2) { data in  // IFLA_INFO_DATA
                data.nested(1) { end in  // IFLA_NETKIT_PEER_INFO
                    end.raw(skep_interface_message())
                    end.attribute(3, text: peer)
                }
                data.attribute(5, number: isLayer2 ? 0 : 1)  // IFLA_NETKIT_MODE
            }
        }
        _ = try socket.request(message, "netlink(RTM_NEWLINK)")
    }
}
