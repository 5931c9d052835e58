// SPDX-License-Identifier: Apache-2.0

import Linux
import Synchronization

/// Memory of this process that holds the frames of sockets of the kind `AF_XDP` ("umem"): frames come in and go out
/// without passing the kernel's own buffers.
///
/// Several sockets may share one memory, each with frames of its own; so this is a reference, and the memory goes with the
/// last socket.
///
/// ```swift
/// let memory = try UserMemory(frameCount: 4096)
/// var socket = try XDPSocket("eth0", memory: memory)
/// ```
///
/// - Note: Linux 4.18, Documentation/networking/af_xdp.rst.
public final class UserMemory: Sendable {
    /// How many frames it has.
    public let frameCount: Int
    /// The size of a frame in bytes, a power of 2.
    public let frameSize: Int
    /// Bytes that stay free before each packet that comes in, beside those that the kernel keeps for itself.
    public let headroom: Int
    private let mapping: MemoryMapping
    private let state = Mutex(State())

    private struct State: Sendable {
        /// The first frame that no socket has.
        var next = 0
        var isRegistered = false
        /// The socket that the memory was given to first; others must name it.
        weak var owner: SharedDescriptor?
        /// Whether the kernel says when it must be woken, which the first socket decides for all.
        var usesWakeUp = false
    }

    /// Makes the memory.
    ///
    /// - Parameters:
    ///   - frameCount: how many frames; 2^18 at most.
    ///   - frameSize: the size of each in bytes: a power of 2 from 2048 to the size of a page.
    ///   - headroom: bytes to keep free before each packet that comes in.
    /// - Throws: ``BPFError`` when the numbers do not fit these rules, or there is no memory.
    public init(frameCount: Int, frameSize: Int = 2048, headroom: Int = 0) throws(BPFError) {
        guard frameCount > 0, frameCount <= 1 << 18, frameSize >= 2048, frameSize <= MemoryMapping.pageSize,
            frameSize & (frameSize - 1) == 0, headroom >= 0, headroom <= frameSize - 512
        else {
            throw BPFError(
                .invalidArgument, "\(frameCount) frames of \(frameSize) bytes, \(headroom) free, cannot be had",
                hint: "use up to 262144 frames whose size is a power of 2 from 2048 to \(MemoryMapping.pageSize)")
        }
        self.frameCount = frameCount
        self.frameSize = frameSize
        self.headroom = headroom
        do throws(LinuxError) {
            mapping = try MemoryMapping(anonymous: frameCount * frameSize)
        } catch {
            throw BPFError.system(error, "cannot get memory for \(frameCount) frames")
        }
    }

    /// Gives the memory to a socket, or names the socket that it must be shared with; and hands out frames.
    ///
    /// - Returns: the numbers of the frames, the socket to name, and whether the kernel says when it must be woken.
    func join(
        _ socket: SharedDescriptor, frames wanted: Int?, usesWakeUp: Bool
    ) throws(LinuxError) -> (frames: Range<Int>, owner: SharedDescriptor?, usesWakeUp: Bool) {
        let (start, size) = (mapping.address, mapping.count)
        let bytes = UnsafeMutableRawBufferPointer(start: start, count: size)
        let joined = Self.answer(of: state) {
            (state) throws(LinuxError) -> (Range<Int>, SharedDescriptor?, Bool) in
            let count = min(wanted ?? frameCount - state.next, frameCount - state.next)
            guard count >= 2, count >= wanted ?? 0 else {
                throw LinuxError(
                    .noBufferSpace, call: "umem",
                    explanation: "only \(frameCount - state.next) of its \(frameCount) frames are free")
            }
            if state.isRegistered, state.owner == nil {
                throw LinuxError(
                    .badFileDescriptor, call: "umem", explanation: "the socket that had the memory first is closed")
            }
            if !state.isRegistered {
                try XDPSockets.register(
                    bytes, frameSize: UInt32(frameSize), headroom: UInt32(headroom), for: socket.descriptor.rawValue)
                state.isRegistered = true
                state.owner = socket
                state.usesWakeUp = usesWakeUp
            }
            let frames = state.next..<state.next + count
            state.next += count
            return (frames, state.owner === socket ? nil : state.owner, state.usesWakeUp)
        }
        return try joined.get()
    }

    /// Takes back what a socket got that could not be bound.
    func leave(_ socket: SharedDescriptor, frames: Range<Int>) {
        state.withLock { state in
            if state.next == frames.upperBound { state.next = frames.lowerBound }
            guard state.owner === socket else { return }
            // The kernel lets go of the memory with the socket.
            state.isRegistered = false
            state.owner = nil
        }
    }

    private static func answer<Value: Sendable>(
        of state: borrowing Mutex<State>, _ body: (inout sending State) throws(LinuxError) -> Value
    ) -> Result<Value, LinuxError> {
        state.withLock { (state) -> Result<Value, LinuxError> in
            do throws(LinuxError) {
                return .success(try body(&state))
            } catch {
                return .failure(error)
            }
        }
    }

    /// The bytes of a packet; `nil` when the kernel's numbers lie outside a frame.
    func bytes(at address: UInt64, count: Int) -> UnsafeMutableRawBufferPointer? {
        guard let offset = Int(exactly: address), offset < mapping.count, count >= 0,
            count <= frameSize - offset & (frameSize - 1)
        else { return nil }
        return UnsafeMutableRawBufferPointer(start: mapping.address + offset, count: count)
    }

    /// The start of the frame that an address lies in.
    func frame(at address: UInt64) -> UInt64 { address & ~UInt64(frameSize - 1) }
}
