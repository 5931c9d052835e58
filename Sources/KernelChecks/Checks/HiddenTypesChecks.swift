// SPDX-License-Identifier: Apache-2.0

import BPF
import BPFObject
import BTF
import Bytes
import CheckWorkload
import Linux

extension KernelCheck {
    /// Kernels that do not show their types, played by a process from which /sys/kernel/btf is hidden.
    static let hiddenTypesChecks = [
        KernelCheck(
            "types that an object brings along, and those of a file or folder, serve a kernel that shows none",
            subject: .feature("kernels without types")
        ) {
            var command = ChildProcess.Command(try CheckProgram.path(), ["hidden-types"])
            command.environment = ["SKEP_CHECK_OBJECTS=\(CheckObject.folder)"]
            let result = try ChildProcess.run(command, timeLimit: 60_000)
            let text = String(decoding: result.output + result.errors, as: UTF8.self)
            try expectSame(text, "embedded\nfile\nfolder\nnone\n", "what was read rightly")
            return .passed
        }
    ]

    /// What the child does: prints the ways in which a read of the kernel's memory was relocated rightly.
    static func readHiddenTypes() throws {
        let object = OwnedBytes(try Files.read("\(CheckObject.folder)/relocated.o"))
        var minimal = MinimalKernelTypes(of: try BTFTable(OwnedBytes(try Files.read("/sys/kernel/btf/vmlinux"))))
        try minimal.add(object, name: "relocated")
        let types = try minimal.encode()
        let kernel = EmbeddedKernelTypes.Kernel(
            release: KernelVersion.release, architecture: KernelVersion.architecture, types: types)
        let embedded = try EmbeddedKernelTypes.embed([kernel], in: object)
        // Seen by this process only, and gone with it.
        let folder = "/sys/kernel/btf"
        try PrivateMounts.enter()
        try PrivateMounts.hide(folder)
        let file = "\(folder)/\(KernelVersion.release).btf"
        try Files.write(types, to: file)
        try say("embedded", read(OwnedBytes(embedded), KernelTypes(path: nil)))
        try say("file", read(object, KernelTypes(path: file)))
        try say("folder", read(object, KernelTypes(path: folder)))
        try say("none", isRefused(KernelTypes(path: nil)))
    }

    private static func isRefused(_ types: KernelTypes) -> Bool {
        do throws(BPFError) {
            _ = try types.core()
            return false
        } catch {
            return error.code == .notSupported
        }
    }

    private static func read(_ object: OwnedBytes, _ types: KernelTypes) throws -> Bool {
        var spec = try ObjectSpec(object, name: "relocated")
        try spec.setVariable("target", to: UInt32(truncatingIfNeeded: Processes.currentThread))
        var options = LoadOptions()
        options.kernelTypes = types
        let loaded = try LoadedObject(spec, options: options)
        let link = try loaded.program(named: "read_process").attach()
        skep_workload_get_parent(1)
        link.detach()
        return try loaded.number("process") == UInt64(Processes.current)
    }

    private static func say(_ word: String, _ isRight: Bool) throws(LinuxError) {
        try FileDescriptor.write(Array((isRight ? word : "wrong \(word)").utf8) + [10], to: 1)
    }
}
