// SPDX-License-Identifier: Apache-2.0

import Linux

/// The programs that were built together with the tests.
public enum BuiltProducts {
    /// The folder that holds them: that of the test program.
    public static let folder: String = {
        let program = (try? Files.linkTarget("/proc/self/exe")) ?? ""
        let folder = program.split(separator: "/").dropLast()
        // Some versions of the package manager start tests from a folder of their own inside.
        let bundled = folder.last?.hasSuffix(".xctest") ?? false
        return "/" + (bundled ? folder.dropLast() : folder).joined(separator: "/")
    }()
}
