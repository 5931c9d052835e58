// SPDX-License-Identifier: Apache-2.0

import Linux

/// What is in a guest beside its kernel: the program that becomes process 1, and files.
///
/// ```swift
/// var image = GuestImage(program: "/usr/local/bin/skep")
/// image.files["objects/maps.o"] = object
/// ```
public struct GuestImage: Sendable {
    /// The path on this machine of the static program that becomes process 1.
    public var program: String
    /// Contents by paths below the guest's root, such as `objects/maps.o`.
    public var files: [String: [UInt8]] = [:]
    /// Programs by paths below the guest's root.
    public var programs: [String: [UInt8]] = [:]
    /// Where symbolic links lead to, by their paths below the guest's root.
    public var links: [String: String] = [:]

    /// Makes an image with nothing but a program.
    public init(program: String) {
        self.program = program
    }

    /// Makes the archive that QEMU hands to the kernel: this, the kernel's modules and its configuration.
    func archive(for kernel: GuestKernel) throws(LinuxError) -> [UInt8] {
        var archive = CPIOArchive()
        var files = files
        if let configuration = try? Files.read(kernel.configuration, limit: 8 << 20) {
            files["boot/config-\(kernel.release)"] = configuration
        }
        if kernel.hasModules {
            for name in try Directory.names(in: kernel.modules) {
                files["modules/\(name)"] = try Files.read("\(kernel.modules)/\(name)")
            }
        }
        let paths = Array(files.keys) + Array(programs.keys) + Array(links.keys)
        for folder in Set(["dev", "proc", "sys", "tmp", "run"]).union(Self.folders(of: paths)).sorted() {
            archive.add(folder: folder)
        }
        archive.add(file: "init", contents: try Files.read(program), isExecutable: true)
        for (path, contents) in files.sorted(by: { $0.key < $1.key }) { archive.add(file: path, contents: contents) }
        for (path, contents) in programs.sorted(by: { $0.key < $1.key }) {
            archive.add(file: path, contents: contents, isExecutable: true)
        }
        for (path, target) in links.sorted(by: { $0.key < $1.key }) { archive.add(link: path, to: target) }
        return archive.finished()
    }

    /// The folders that files need.
    private static func folders(of paths: [String]) -> Set<String> {
        var found: Set<String> = []
        for path in paths {
            let parts = path.split(separator: "/").dropLast()
            for count in parts.indices { found.insert(parts[...count].joined(separator: "/")) }
        }
        return found
    }
}
