// SPDX-License-Identifier: Apache-2.0

import Linux

/// The first file system of a guest: the checks program as its first process, and the kernel's modules.
enum GuestFileSystem {
    /// Makes the archive that QEMU hands to the kernel.
    ///
    /// - Parameters:
    ///   - kernel: the kernel whose modules come along.
    ///   - program: the path of the static program that becomes process 1.
    ///   - files: further files by their paths below the root, such as `objects/maps.o`.
    static func archive(
        for kernel: GuestKernel, program: String, files: [String: [UInt8]]
    ) throws(LinuxError) -> [UInt8] {
        var archive = CPIOArchive()
        for folder in ["dev", "proc", "sys", "tmp", "modules"] + folders(of: files) { archive.add(folder: folder) }
        archive.add(file: "init", contents: try Files.read(program), isExecutable: true)
        let modules = kernel.folder + "/modules"
        for name in try Directory.names(in: modules).sorted() {
            archive.add(file: "modules/\(name)", contents: try Files.read("\(modules)/\(name)"))
        }
        for (path, contents) in files.sorted(by: { $0.key < $1.key }) { archive.add(file: path, contents: contents) }
        return archive.finished()
    }

    /// The folders that files need, parents first.
    private static func folders(of files: [String: [UInt8]]) -> [String] {
        var found: Set<String> = []
        for path in files.keys {
            let parts = path.split(separator: "/").dropLast()
            for count in parts.indices { found.insert(parts[...count].joined(separator: "/")) }
        }
        return found.sorted()
    }
}
