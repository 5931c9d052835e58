// SPDX-License-Identifier: Apache-2.0

import CLinux

/// Waits for many descriptors at once (epoll(7)).
///
/// ```swift
/// let epoll = try Epoll()
/// try epoll.add(ring.fileDescriptor, token: 1)
/// try epoll.wait(milliseconds: 100) { event in … }
/// ```
public struct Epoll: ~Copyable, Sendable {
    private let descriptor: FileDescriptor

    /// What a descriptor is ready for.
    public struct Readiness: OptionSet, Sendable, Hashable {
        /// `EPOLL*` bits.
        public let rawValue: UInt32

        /// Makes a set.
        public init(rawValue: UInt32) {
            self.rawValue = rawValue
        }

        /// There is something to read.
        public static let input = Readiness(rawValue: 1)
        /// There is room to write.
        public static let output = Readiness(rawValue: 4)
        /// Something is wrong with it.
        public static let error = Readiness(rawValue: 8)
        /// The other end is closed.
        public static let hangup = Readiness(rawValue: 16)
        /// Reports only changes.
        public static let edgeTriggered = Readiness(rawValue: 1 << 31)
    }

    /// One descriptor that is ready.
    public struct Event: Sendable, Hashable {
        /// What was given when the descriptor was added.
        public let token: UInt64
        /// What it is ready for.
        public let readiness: Readiness
    }

    /// Makes an empty set of descriptors.
    public init() throws(LinuxError) {
        descriptor = try .adopting(skep_epoll_create(0o2000000), "epoll_create1")
    }

    /// The set's own descriptor, for use in another event loop; borrowed.
    public var rawValue: Int32 { descriptor.rawValue }

    /// Adds a descriptor.
    ///
    /// - Parameters:
    ///   - other: the descriptor; it must stay open until it is removed.
    ///   - readiness: what to wait for.
    ///   - token: what its events carry.
    public func add(_ other: Int32, _ readiness: Readiness = .input, token: UInt64) throws(LinuxError) {
        _ = try checked(
            skep_epoll_control(descriptor.rawValue, 1, other, readiness.rawValue, token), "epoll_ctl(EPOLL_CTL_ADD)")
    }

    /// Changes what to wait for.
    public func change(_ other: Int32, _ readiness: Readiness, token: UInt64) throws(LinuxError) {
        _ = try checked(
            skep_epoll_control(descriptor.rawValue, 3, other, readiness.rawValue, token), "epoll_ctl(EPOLL_CTL_MOD)")
    }

    /// Removes a descriptor.
    public func remove(_ other: Int32) throws(LinuxError) {
        _ = try checked(skep_epoll_control(descriptor.rawValue, 2, other, 0, 0), "epoll_ctl(EPOLL_CTL_DEL)")
    }

    /// Waits until a descriptor is ready or the time is up.
    ///
    /// - Parameters:
    ///   - milliseconds: how long to wait; negative is for ever, 0 not at all.
    ///   - capacity: the most events to answer at once, 1 to 1024.
    /// - Returns: what is ready; empty when the time is up or a signal came, so that a loop can look around.
    public func wait(milliseconds: Int32, capacity: Int = 64) throws(LinuxError) -> [Event] {
        let capacity = min(max(capacity, 1), 1024)
        return try withUnsafeTemporaryAllocation(of: skep_epoll_event.self, capacity: capacity) {
            buffer throws(LinuxError) in
            let answer = skep_epoll_wait(
                descriptor.rawValue, buffer.baseAddress, Int32(capacity), max(milliseconds, -1))
            if answer == -Int(Errno.interrupted.rawValue) { return [] }
            let count = try checked(answer, "epoll_wait")
            return (0..<min(count, capacity)).compactMap { index in
                guard let event = buffer.baseAddress.map({ $0 + index }) else { return nil }
                return Event(
                    token: skep_epoll_event_data(event), readiness: Readiness(rawValue: skep_epoll_event_events(event)))
            }
        }
    }
}
