// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// Where the headers are that come with this program.
public enum HeaderFolder {
    /// Finds the folder: `$SKEP_INCLUDE`, else as installed beside the running program (`../share/skep/include`), else in
    /// the source tree that it was built in (`include` in one of the folders above it).
    ///
    /// - Throws: ``ClangError`` with code ``ClangError/Code/headersMissing``.
    public static func find() throws(ClangError) -> String {
        if let named = System.environment("SKEP_INCLUDE") {
            guard holdsHeaders(named) else {
                throw ClangError(
                    .headersMissing, "the variable SKEP_INCLUDE names '\(named)', which has no bpf/bpf_helpers.h")
            }
            return named
        }
        var folder = System.executable ?? ""
        while let slash = folder.lastIndex(of: "/"), slash != folder.startIndex {
            folder = String(folder[..<slash])
            for candidate in ["/share/skep/include", "/include"] where holdsHeaders(folder + candidate) {
                return folder + candidate
            }
        }
        throw ClangError(
            .headersMissing, "the headers for BPF sources are not installed beside this program",
            hint: "install the program with 'make install', or name their folder with the variable SKEP_INCLUDE")
    }

    /// A mark of our own headers: libbpf's, say in /usr/include, are not meant.
    private static func holdsHeaders(_ folder: String) -> Bool {
        System.kind(folder + "/bpf/bpf_helpers.h") == .file && System.kind(folder + "/uapi/linux/bpf.h") == .file
    }
}
