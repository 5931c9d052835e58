// SPDX-License-Identifier: Apache-2.0

import Glibc

extension Processes {
    /// Ends this process.
    public static func exit(_ code: Int32) -> Never {
        Glibc.exit(code)
    }

    /// Makes writing to a pipe without reader fail with `EPIPE` instead of ending the process.
    public static func ignoreBrokenPipes() {
        signal(SIGPIPE, SIG_IGN)
    }
}
