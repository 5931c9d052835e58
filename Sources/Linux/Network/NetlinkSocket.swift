// SPDX-License-Identifier: Apache-2.0

import Bytes
import CLinux
import Diagnostics

/// A socket of rtnetlink(7), for one thread at a time.
struct NetlinkSocket: ~Copyable {
    private let descriptor: FileDescriptor
    private var sequence: UInt32 = 0
    /// Whether the list that is being read changed meanwhile.
    private var isInterrupted = false

    /// A message from the kernel.
    struct Reply {
        let type: UInt16
        /// What follows the message's header.
        let body: [UInt8]
    }

    init() throws(LinuxError) {
        // AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE
        descriptor = try .adopting(skep_socket(16, 3 | 0o2000000, 0), "socket(AF_NETLINK)")
        // The kernel's own words in errors: SOL_NETLINK, NETLINK_EXT_ACK (Linux 4.12). An older kernel does without.
        var one: Int32 = 1
        _ = skep_set_socket_option(descriptor.rawValue, 270, 11, &one, 4)
    }

    /// Sends a request and answers what the kernel sends before it acknowledges.
    ///
    /// - Parameter call: names the request in errors.
    ///
    /// A list that changed while it was read is asked for again, a few times.
    mutating func request(_ message: NetlinkMessage, _ call: String) throws(LinuxError) -> [Reply] {
        for _ in 0..<4 {
            if let replies = try requestOnce(message, call) { return replies }
        }
        throw LinuxError(.wouldBlock, call: call, explanation: "the list changes faster than it can be read")
    }

    /// Answers `nil` when what the kernel listed has changed meanwhile.
    private mutating func requestOnce(_ message: NetlinkMessage, _ call: String) throws(LinuxError) -> [Reply]? {
        sequence &+= 1
        isInterrupted = false
        try FileDescriptor.write(message.finished(sequence: sequence), to: descriptor.rawValue)
        var replies: [Reply] = []
        while true {
            let packet = try descriptor.read(upTo: 1 << 17)
            if packet.isEmpty { throw LinuxError(.inputOutput, call: call) }
            if try parse(packet, into: &replies, call) { return isInterrupted ? nil : replies }
        }
    }

    /// Reads the messages of a packet; answers whether the kernel is done.
    private mutating func parse(_ packet: [UInt8], into replies: inout [Reply], _ call: String) throws(LinuxError)
        -> Bool
    {
        let bytes = packet.span.bytes
        var offset = 0
        while let length = bytes.integer(at: offset, as: UInt32.self, order: .host),
            let type = bytes.integer(at: offset + 4, as: UInt16.self, order: .host),
            let flags = bytes.integer(at: offset + 6, as: UInt16.self, order: .host),
            let number = bytes.integer(at: offset + 8, as: UInt32.self, order: .host),
            length >= 16, let body = bytes.bytes(at: offset + 16, count: Int(length) - 16)
        {
            offset += (Int(length) + 3) & ~3
            guard number == sequence else { continue }
            if flags & 0x10 != 0 { isInterrupted = true }  // NLM_F_DUMP_INTR
            switch type {
            case 3:  // NLMSG_DONE, with an error's number when the list ends too early
                if let answer = body.span.bytes.integer(at: 0, as: Int32.self, order: .host), answer < 0 {
                    throw LinuxError(Errno(answer: Int(answer)), call: call)
                }
                return true
            case 2:  // NLMSG_ERROR: 0 acknowledges
                try check(body, flags, call)
                return true
            default:
                if replies.count >= 1 << 16 { throw LinuxError(.overflow, call: call) }
                replies.append(Reply(type: type, body: body))
            }
        }
        return false
    }

    private func check(_ body: [UInt8], _ flags: UInt16, _ call: String) throws(LinuxError) {
        let bytes = body.span.bytes
        guard let answer = bytes.integer(at: 0, as: Int32.self, order: .host), answer != 0 else { return }
        var explanation: String?
        if flags & 0x200 != 0 {  // NLM_F_ACK_TLVS
            // The request follows, its header only when NLM_F_CAPPED is set.
            let echoed = flags & 0x100 != 0 ? 16 : Int(bytes.integer(at: 4, as: UInt32.self, order: .host) ?? 16)
            explanation = NetlinkAttributes(body, from: 4 + ((echoed + 3) & ~3)).text(1)  // NLMSGERR_ATTR_MSG
        }
        throw LinuxError(Errno(answer: Int(answer)), call: call, explanation: explanation)
    }
}
