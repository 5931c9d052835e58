// SPDX-License-Identifier: Apache-2.0

import Glibc

extension Clock {
    /// How many seconds local time is ahead of UTC now, by `$TZ` or /etc/localtime.
    public static func localOffset() -> Int {
        var now = time(nil)
        var local = tm()
        guard localtime_r(&now, &local) != nil else { return 0 }
        return local.tm_gmtoff
    }
}
