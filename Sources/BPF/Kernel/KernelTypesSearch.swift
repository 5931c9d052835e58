// SPDX-License-Identifier: Apache-2.0

import Bytes
import Diagnostics
import ELF
import Linux

/// Where a kernel's types can be, for a kernel that shows them itself and for one that does not.
struct KernelTypesSearch: Sendable {
    /// What is put before absolute paths; empty but in tests.
    var root = ""
    /// The kernel's release as uname(2) says it.
    var release = KernelVersion.release
    /// The machine's name in paths, such as `x86_64`.
    var architecture = KernelVersion.architecture

    /// The directory in which the kernel shows its types.
    var directory: String { root + "/sys/kernel/btf" }

    /// Whether the kernel shows its types.
    var isShown: Bool { Files.exists(directory + "/vmlinux") }

    /// The files that may hold the types of the running kernel, the best first; the order is that of libbpf.
    var files: [String] {
        [
            directory + "/vmlinux", root + "/boot/vmlinux-\(release)",
            root + "/lib/modules/\(release)/vmlinux-\(release)", root + "/lib/modules/\(release)/build/vmlinux",
            root + "/usr/lib/modules/\(release)/kernel/vmlinux", root + "/usr/lib/debug/boot/vmlinux-\(release)",
            root + "/usr/lib/debug/boot/vmlinux-\(release).debug", root + "/usr/lib/debug/lib/modules/\(release)/vmlinux",
        ]
    }

    /// The file for this kernel in a folder with those of many, laid out like btfhub's: `ID/VERSION_ID/ARCH/RELEASE.btf`.
    ///
    /// - Throws: ``BPFError`` when there is none.
    func file(in folder: String) throws(BPFError) -> String {
        let system = operatingSystem
        // The archive of many kernels says arm64 where the kernel says aarch64.
        let architectures = architecture == "aarch64" ? ["arm64", architecture] : [architecture]
        var candidates: [String] = []
        for architecture in architectures {
            if let id = system["ID"] {
                if let version = system["VERSION_ID"] {
                    candidates.append("\(folder)/\(id)/\(version)/\(architecture)/\(release).btf")
                }
                candidates.append("\(folder)/\(id)/\(architecture)/\(release).btf")
            }
            candidates.append("\(folder)/\(architecture)/\(release).btf")
            candidates.append("\(folder)/\(release)/\(architecture).btf")
        }
        candidates.append("\(folder)/\(release).btf")
        for path in candidates where Files.exists(path) { return path }
        for path in candidates where Files.exists(path + ".tar.xz") {
            throw BPFError(
                .notFound, "the kernel's types are packed", context: [.init("path", path + ".tar.xz")],
                hint: "unpack them: tar -C \(path.split(separator: "/").dropLast().reduce(into: "") { $0 += "/\($1)" }) "
                    + "-xJf \(path).tar.xz")
        }
        throw BPFError(
            .notFound, "the folder \(folder) has no types of the kernel \(release)",
            context: candidates.prefix(1).map { .init("path", $0) },
            hint: "it should hold ID/VERSION_ID/ARCH/RELEASE.btf, with the words of /etc/os-release and uname -rm")
    }

    private var operatingSystem: [String: String] {
        var values: [String: String] = [:]
        let text = (try? Files.readText(root + "/etc/os-release", limit: 1 << 16)) ?? ""
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            var value = parts[1]
            if let quote = value.first, quote == "\"" || quote == "'", value.count > 1, value.last == quote {
                value = value.dropFirst().dropLast()
            }
            values[String(parts[0])] = String(value)
        }
        return values
    }

    /// Reads the types in a file: BTF itself, or an ELF file such as a kernel with a section `.BTF`.
    static func read(_ path: String) throws(BPFError) -> OwnedBytes {
        let bytes: OwnedBytes
        do throws(LinuxError) {
            bytes = try Files.map(path)
        } catch {
            throw BPFError(
                error.errno == .noSuchFileOrDirectory ? .notSupported : .system,
                "the kernel's types cannot be read", context: [.init("path", path)],
                hint: "the kernel needs CONFIG_DEBUG_INFO_BTF; a file with its types can be given instead", cause: error
            )
        }
        // 0x7f ELF
        guard bytes.span.integer(at: 0, as: UInt32.self, order: .little) == 0x464c_457f else { return bytes }
        do throws(ELFError) {
            let file = try ELFFile(bytes)
            if let section = file.section(named: ".BTF"), section.size > 0 { return try file.contents(of: section) }
        } catch {
            throw BPFError(.malformed, "the kernel file cannot be read", context: [.init("path", path)], cause: error)
        }
        throw BPFError(
            .notSupported, "the kernel file has no types", context: [.init("path", path)],
            hint: "`pahole -J` adds them when it was built with debug information")
    }
}
