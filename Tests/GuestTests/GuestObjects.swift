// SPDX-License-Identifier: Apache-2.0

import Foundation
import Guest
import Linux
import ServiceRuntime
import TestSupport

/// The objects that come along to a guest: those of the checks, and the services of the catalogue, built as `skep build`
/// builds them.
enum GuestObjects {
    /// The contents by the paths in the guest.
    static func all() throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for (name, contents) in try CheckSources.compile() { files["objects/\(name).o"] = contents }
        setenv("SKEP_SHARE", try shareFolder(), 1)
        let services = CheckSources.root + "/services"
        for name in try Directory.names(in: services) {
            let source = "\(services)/\(name)/\(name).bpf.c"
            guard Files.exists(source) else { continue }
            let service = try PreparedService(.source(path: source))
            files["objects/services/\(name).o"] = try service.standaloneObject()
        }
        return files
    }

    /// A folder like the installed one: its `include` is the tree's.
    private static func shareFolder() throws -> String {
        let folder = CheckSources.root + "/.build-guests/share"
        try Files.makeFolders(folder)
        _ = symlink(CheckSources.root + "/include", folder + "/include")
        return folder
    }
}
