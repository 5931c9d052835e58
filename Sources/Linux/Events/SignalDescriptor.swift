// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc

/// Signals as something to read (signalfd(2)), for use with ``Epoll``: no handler runs in the middle of other code.
///
/// Make it on the main thread before others start: the signals must be blocked on every thread, and threads inherit
/// what is blocked.
///
/// ```swift
/// let signals = try SignalDescriptor([SIGINT, SIGTERM])
/// ```
public struct SignalDescriptor: ~Copyable, Sendable {
    private let descriptor: FileDescriptor
    private let mask: UInt64

    /// Blocks signals on the calling thread and makes them readable.
    ///
    /// - Parameter signals: numbers such as 2 (`SIGINT`) and 15 (`SIGTERM`).
    public init(_ signals: [Int32]) throws(LinuxError) {
        mask = signals.reduce(0) { $1 >= 1 && $1 <= 64 ? $0 | 1 << UInt64($1 - 1) : $0 }
        _ = try checked(skep_signal_mask(SIG_BLOCK, mask, nil), "rt_sigprocmask")
        descriptor = try .adopting(skep_signalfd(-1, mask, 0o2004000), "signalfd4")
    }

    /// The descriptor, ready for reading when a signal waits; borrowed.
    public var rawValue: Int32 { descriptor.rawValue }

    /// Takes the next signal: its number, or `nil` when none waits.
    public func next() -> Int32? {
        // struct signalfd_siginfo has 128 bytes and starts with the number.
        var information = [UInt32](repeating: 0, count: 32)
        let answer = information.withUnsafeMutableBytes { skep_read(descriptor.rawValue, $0.baseAddress, 128) }
        return answer == 128 ? Int32(bitPattern: information[0]) : nil
    }

    /// Lets the signals have their usual effect on the calling thread again.
    public func unblock() {
        _ = skep_signal_mask(SIG_UNBLOCK, mask, nil)
    }
}
