// SPDX-License-Identifier: Apache-2.0

import Glibc

/// This process's environment.
public enum Environment {
    /// The value of a variable, or `nil` when it is not set.
    public static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }
}
