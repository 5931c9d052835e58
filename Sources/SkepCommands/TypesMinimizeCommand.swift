// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BPFObject
import BTF
import Bytes
import ELF
import Linux
import ServiceRuntime

/// `skep btf minimize`: the few kernel types that objects need, for kernels that show none.
struct TypesMinimizeCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "minimize", abstract: "Keep only the kernel types that objects need.",
            discussion: """
                Writes what the CO-RE relocations of the objects need: for one file of kernel types a file, for a folder of \
                them (ID/VERSION_ID/ARCH/RELEASE.btf) a folder of the same layout. With --embed it writes a copy of the \
                object that brings the types along, and finds those of the kernel it runs on by release and machine.
                """)
    }

    @Argument(help: "The objects that are to run on the kernels.")
    var objects: [String]

    @Option(help: ArgumentHelp("A file of kernel types (BTF or ELF), or a folder of such.", valueName: "path"))
    var kernelBtf: String

    @Option(name: .shortAndLong, help: "The file or folder to write.")
    var output: String

    @Flag(help: "Write a copy of the object that has the types in it.")
    var embed = false

    func validate() throws {
        guard !embed || objects.count == 1 else {
            throw ValidationError("--embed takes one object; link several with `skep link` first")
        }
    }

    func run() throws {
        let isFolder = Files.isDirectory(kernelBtf)
        // In a folder: the paths below it, which the result has too.
        let paths = isFolder ? try Directory.files(below: kernelBtf).filter { $0.hasSuffix(".btf") } : [kernelBtf]
        guard !paths.isEmpty else {
            throw ServiceError(
                .notFound, "the folder \(kernelBtf) has no files of kernel types (*.btf)",
                hint: "unpack archives first: tar -xJf RELEASE.btf.tar.xz")
        }
        let files = try objects.map { (name: $0, bytes: try InputFile.map($0)) }
        var kernels: [EmbeddedKernelTypes.Kernel] = []
        var total = 0
        for path in paths {
            let source = isFolder ? "\(kernelBtf)/\(path)" : path
            var minimal = MinimalKernelTypes(of: try Self.table(source))
            for file in files { try minimal.add(file.bytes, name: file.name) }
            let bytes = try minimal.encode()
            total += bytes.count
            if embed {
                let name = Self.name(of: source)
                kernels.append(.init(release: name.release, architecture: name.architecture, types: bytes))
            } else if isFolder {
                let place = "\(output)/\(path)"
                try Files.makeFolders(String(place[..<(place.lastIndex(of: "/") ?? place.endIndex)]))
                try OutputFile.write(bytes, to: place)
            } else {
                try OutputFile.write(bytes, to: output)
            }
        }
        if embed { try OutputFile.write(try EmbeddedKernelTypes.embed(kernels, in: files[0].bytes), to: output) }
        let count = paths.count == 1 ? "1 kernel" : "\(paths.count) kernels"
        StandardError.write("skep: wrote \(output): types of \(count), \(total) bytes\n")
    }

    private static func table(_ path: String) throws -> BTFTable {
        let bytes = try InputFile.map(path)
        guard bytes.span.integer(at: 0, as: UInt32.self, order: .big) == 0x7f45_4c46 else { return try BTFTable(bytes) }
        let file = try ELFFile(bytes)
        guard let section = file.section(named: ".BTF") else {
            throw ServiceError(.failed, "\(path) has no types (no section .BTF)")
        }
        return try BTFTable(try file.contents(of: section))
    }

    private static let architectures: [String: String] = [
        "x86_64": "x86_64", "aarch64": "aarch64", "arm64": "aarch64", "s390x": "s390x", "ppc64le": "ppc64le",
        "riscv64": "riscv64",
    ]

    /// The kernel that a file is for: `ARCH/RELEASE.btf` or `RELEASE/ARCH.btf`; this machine's where the path does not say.
    static func name(of path: String) -> (release: String, architecture: String) {
        let parts = path.split(separator: "/").map { String($0) }
        guard var last = parts.last, path != "/sys/kernel/btf/vmlinux" else {
            return (KernelVersion.release, KernelVersion.architecture)
        }
        if last.hasSuffix(".btf") { last = String(last.dropLast(4)) }
        let parent = parts.dropLast().last ?? ""
        if let architecture = architectures[last], !parent.isEmpty { return (parent, architecture) }
        return (last, architectures[parent] ?? KernelVersion.architecture)
    }
}
