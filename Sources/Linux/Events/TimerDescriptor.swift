// SPDX-License-Identifier: Apache-2.0

import CLinux

/// A timer on the monotonic clock (timerfd_create(2)), for use with ``Epoll``.
public struct TimerDescriptor: ~Copyable, Sendable {
    private let descriptor: FileDescriptor

    /// Makes a timer that is not set.
    public init() throws(LinuxError) {
        descriptor = try .adopting(skep_timerfd_create(1, 0o2004000), "timerfd_create")
    }

    /// The descriptor, ready for reading when the time is up; borrowed.
    public var rawValue: Int32 { descriptor.rawValue }

    /// Sets the timer.
    ///
    /// - Parameters:
    ///   - nanoseconds: how long until the first time; 0 stops the timer.
    ///   - interval: how long between later times; 0 for none.
    public func set(after nanoseconds: UInt64, repeatingEvery interval: UInt64 = 0) throws(LinuxError) {
        var value = skep_timer_value(
            interval_seconds: Int64(interval / 1_000_000_000), interval_nanoseconds: Int64(interval % 1_000_000_000),
            seconds: Int64(nanoseconds / 1_000_000_000), nanoseconds: Int64(nanoseconds % 1_000_000_000))
        _ = try checked(skep_timerfd_set(descriptor.rawValue, 0, &value), "timerfd_settime")
    }

    /// How often the time was up since the last call.
    public func expirations() -> UInt64 {
        var value: UInt64 = 0
        return skep_read(descriptor.rawValue, &value, 8) == 8 ? value : 0
    }
}
