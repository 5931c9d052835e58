// SPDX-License-Identifier: Apache-2.0

import Bytes
import CLinux

extension TrafficControl {
    /// Adds a classifier that takes every packet and runs a program as its action (`act_bpf`, Linux 4.1).
    ///
    /// - Returns: the place, with the numbers that the kernel chose.
    /// - Throws: `ENOENT` when the kernel was built without `CONFIG_NET_ACT_BPF`.
    public static func attachAction(
        program: Int32, at filter: Filter, name: String
    ) throws(LinuxError) -> Filter {
        try place(filter, replaces: false) { options in
            // A classic program of one instruction, `ret #-1`: every packet is of class 0xffffffff, the default.
            var code: [UInt8] = []
            code.append(UInt16(1), order: .host)
            options.attribute(4, code)  // TCA_BPF_OPS_LEN
            code = []
            code.append(UInt16(6), order: .host)
            code.append(UInt16(0), order: .host)
            code.append(UInt32.max, order: .host)
            options.attribute(5, code)  // TCA_BPF_OPS
            options.nested(1) { actions in  // TCA_BPF_ACT
                actions.nested(1) { action in
                    action.attribute(1, text: "bpf")  // TCA_ACT_KIND
                    action.nested(2) { body in  // TCA_ACT_OPTIONS
                        var parameters = skep_traffic_action()
                        parameters.action = 3  // TC_ACT_PIPE, when the program answers TC_ACT_UNSPEC
                        body.attribute(2, withUnsafeBytes(of: parameters) { [UInt8]($0) })  // TCA_ACT_BPF_PARMS
                        body.attribute(5, number: UInt32(bitPattern: program))  // TCA_ACT_BPF_FD
                        body.attribute(6, text: name)  // TCA_ACT_BPF_NAME
                    }
                }
            }
        }
    }
}
