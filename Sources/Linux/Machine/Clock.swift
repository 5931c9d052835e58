// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The kernel's clocks, in nanoseconds (clock_gettime(2)).
public enum Clock {
    /// Time since boot without suspended time: `bpf_ktime_get_ns`.
    public static func monotonic() -> UInt64 { read(CLOCK_MONOTONIC) }

    /// Time since boot with suspended time: `bpf_ktime_get_boot_ns` (Linux 5.8).
    public static func boot() -> UInt64 { read(CLOCK_BOOTTIME) }

    /// Time since 1970, UTC.
    public static func real() -> UInt64 { read(CLOCK_REALTIME) }

    /// The processor time that this process has used.
    public static func process() -> UInt64 { read(CLOCK_PROCESS_CPUTIME_ID) }

    /// What to add to a monotonic time to get the time since 1970, as it is now.
    public static func monotonicToReal() -> UInt64 {
        // The pair that was read closest together is the best of a few.
        var best = (gap: UInt64.max, offset: UInt64(0))
        for _ in 0..<3 {
            let before = monotonic()
            let real = real()
            let gap = monotonic() &- before
            if gap < best.gap { best = (gap, real &- (before &+ gap / 2)) }
        }
        return best.offset
    }

    private static func read(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        guard clock_gettime(clock, &time) == 0 else { return 0 }
        return UInt64(clamping: time.tv_sec) &* 1_000_000_000 &+ UInt64(clamping: time.tv_nsec)
    }
}
