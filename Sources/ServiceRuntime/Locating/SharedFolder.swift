// SPDX-License-Identifier: Apache-2.0

import Linux

/// The folder of what is installed beside the program: prebuilt services and the headers for compiling.
public enum SharedFolder {
    /// Where it may be, the most specific first: `$SKEP_SHARE`, beside the program's `bin`, and the system's places.
    public static var candidates: [String] {
        var folders: [String] = []
        if let given = Environment.variable("SKEP_SHARE"), !given.isEmpty { folders.append(given) }
        if let program = try? Files.linkTarget("/proc/self/exe") {
            let parts = program.split(separator: "/")
            let prefix = "/" + parts.dropLast(2).joined(separator: "/")
            folders.append((prefix == "/" ? "" : prefix) + "/share/skep")
        }
        return folders + ["/usr/local/share/skep", "/usr/share/skep"]
    }

    /// The headers that sources are compiled against.
    ///
    /// - Throws: ``ServiceError`` when they are not installed.
    public static func includeFolder() throws(ServiceError) -> String {
        for folder in candidates where Files.exists(folder + "/include/bpf/bpf_helpers.h") {
            return folder + "/include"
        }
        throw ServiceError(
            .notFound, "the headers for compiling services are not installed",
            hint: "run `make build`, or set SKEP_SHARE to the folder that holds include/bpf/bpf_helpers.h")
    }
}
