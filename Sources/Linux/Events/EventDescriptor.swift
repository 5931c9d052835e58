// SPDX-License-Identifier: Apache-2.0

import CLinux

/// A counter that wakes a waiting thread (eventfd(2)), for use with ``Epoll``.
public struct EventDescriptor: ~Copyable, Sendable {
    private let descriptor: FileDescriptor

    /// Makes a counter of 0.
    public init() throws(LinuxError) {
        descriptor = try .adopting(skep_eventfd(0, 0o2004000), "eventfd2")
    }

    /// The descriptor, ready for reading while the counter is not 0; borrowed.
    public var rawValue: Int32 { descriptor.rawValue }

    /// Adds one and wakes who waits. Safe on any thread and in signal handlers.
    public func signal() {
        var one: UInt64 = 1
        _ = skep_write(descriptor.rawValue, &one, 8)
    }

    /// Sets the counter to 0 and answers what it was.
    @discardableResult
    public func reset() -> UInt64 {
        var value: UInt64 = 0
        return skep_read(descriptor.rawValue, &value, 8) == 8 ? value : 0
    }
}
