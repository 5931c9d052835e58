// SPDX-License-Identifier: Apache-2.0

import Linux

extension XDPSocket {
    /// Waits until frames have come in.
    ///
    /// - Parameter milliseconds: the longest time to wait; 0 only looks.
    /// - Returns: whether there are frames.
    /// - Throws: ``BPFError`` when the kernel refuses.
    public mutating func wait(milliseconds: Int32) throws(BPFError) -> Bool {
        if rings.receiving.available > 0 { return true }
        refill()
        do throws(LinuxError) {
            // poll(2) also wakes a kernel that waits for frames to write to.
            _ = try Poll.wait(for: rawDescriptor, milliseconds: max(0, milliseconds))
        } catch {
            throw BPFError.system(error, "cannot wait for frames of the interface \(interface)")
        }
        return rings.receiving.available > 0
    }

    /// Hands out the frames that have come in, in place, and does with each what `body` says.
    ///
    /// - Parameters:
    ///   - limit: the most frames to hand out.
    ///   - body: gets a frame's bytes, which it may change; they are not to be kept.
    /// - Returns: how many frames were handed out.
    /// - Throws: ``BPFError`` when the kernel cannot be told.
    @discardableResult
    public mutating func receive(
        limit: Int = 256, _ body: (inout MutableRawSpan) -> Verdict
    ) throws(BPFError) -> Int {
        reap()
        let count = min(rings.receiving.available, max(0, limit))
        for _ in 0..<count {
            let packet = rings.receiving.popPacket()
            filled -= 1
            let frame = memory.frame(at: packet.address)
            guard let bytes = memory.bytes(at: packet.address, count: packet.count) else {
                // Where it belongs is unknown, so it is used no more.
                invalidEntries += 1
                continue
            }
            var span = unsafe MutableRawSpan(_unsafeBytes: bytes)
            switch body(&span) {
            case .drop:
                free.append(frame)
            case .send(let length):
                if length > 0, length <= packet.count, rings.sending.room > 0 {
                    rings.sending.push(address: packet.address, count: UInt32(length))
                } else {
                    unsentFrames += 1
                    free.append(frame)
                }
            }
        }
        if count > 0 { rings.receiving.release() }
        refill()
        try flush()
        return count
    }

    /// Writes a frame to be sent; ``flush()`` sends it.
    ///
    /// - Parameters:
    ///   - count: the most bytes that the frame will have, up to the memory's frame size.
    ///   - body: writes the frame and answers how many bytes it has.
    /// - Returns: whether there was room; where there was none, `body` was not called.
    public mutating func send(upTo count: Int, _ body: (inout MutableRawSpan) -> Int) -> Bool {
        reap()
        guard count > 0, count <= memory.frameSize, rings.sending.room > 0, let frame = free.popLast() else {
            return false
        }
        guard let bytes = memory.bytes(at: frame, count: count) else {
            invalidEntries += 1
            return false
        }
        var span = unsafe MutableRawSpan(_unsafeBytes: bytes)
        let length = body(&span)
        guard length > 0, length <= count else {
            free.append(frame)
            return false
        }
        rings.sending.push(address: frame, count: UInt32(length))
        return true
    }

    /// Tells the kernel of the frames to be sent. What the device does not take now stays in the ring for the next time.
    ///
    /// - Throws: ``BPFError`` when the kernel refuses, as when the interface is down.
    public mutating func flush() throws(BPFError) {
        rings.sending.publish()
        do throws(LinuxError) {
            // With copies, the kernel takes 32 frames a call at most, 16 before Linux 5.11, and older ones tell only at
            // the end what they took.
            var calls = rings.sending.pending / 16 + 2
            while calls > 0, rings.sending.pending > 0, !rings.usesWakeUp || rings.sending.needsWakeUp {
                calls -= 1
                try XDPSockets.kickTransmit(rawDescriptor)
            }
        } catch {
            throw BPFError.system(error, "cannot send frames by the interface \(interface)")
        }
        reap()
    }

    /// How many frames wait to be sent, or are being sent.
    public var pendingFrames: Int { Int(rings.sending.pending) }

    /// Takes back the frames that were sent.
    private mutating func reap() {
        let count = rings.completing.available
        guard count > 0 else { return }
        for _ in 0..<count {
            let address = rings.completing.popFrame()
            if memory.bytes(at: address, count: 0) != nil {
                free.append(memory.frame(at: address))
            } else {
                invalidEntries += 1
            }
        }
        rings.completing.release()
    }

    /// Gives the kernel frames to write to.
    mutating func refill() {
        var added = 0
        while filled < fillTarget, rings.filling.room > 0, let frame = free.popLast() {
            rings.filling.push(frame: frame)
            filled += 1
            added += 1
        }
        if added > 0 { rings.filling.publish() }
        if rings.usesWakeUp, rings.filling.needsWakeUp { try? XDPSockets.kickReceive(rawDescriptor) }
    }
}
