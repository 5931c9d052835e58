// SPDX-License-Identifier: Apache-2.0

import Glibc

extension Clock {
    /// Lets the calling thread sleep for so many nanoseconds, whatever signals arrive.
    public static func sleep(_ nanoseconds: UInt64) {
        var rest = timespec(
            tv_sec: time_t(clamping: nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
        while true {
            let wanted = rest
            let answer = withUnsafePointer(to: wanted) { nanosleep($0, &rest) }
            if answer == 0 || errno != EINTR { return }
        }
    }
}
