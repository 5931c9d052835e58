// SPDX-License-Identifier: Apache-2.0

import Linux

/// The first file system of a guest: the checks program as its first process, and the kernel's modules.
enum GuestFileSystem {
    /// Makes the archive that QEMU hands to the kernel.
    ///
    /// - Parameters:
    ///   - kernel: the kernel whose modules come along.
    ///   - program: the path of the static program that becomes process 1.
    static func archive(for kernel: GuestKernel, program: String) throws(LinuxError) -> [UInt8] {
        var archive = CPIOArchive()
        for folder in ["dev", "proc", "sys", "tmp", "modules"] { archive.add(folder: folder) }
        archive.add(file: "init", contents: try Files.read(program), isExecutable: true)
        let modules = kernel.folder + "/modules"
        for name in try Directory.names(in: modules).sorted() {
            archive.add(file: "modules/\(name)", contents: try Files.read("\(modules)/\(name)"))
        }
        return archive.finished()
    }
}
