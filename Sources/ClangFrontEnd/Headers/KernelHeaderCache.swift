// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// Keeps the running kernel's types as a header, `vmlinux.h`, one for each kernel that was seen.
///
/// The header is written in one step, so concurrent runs see a whole one or none. It is only kept where nobody else can
/// change it; where it cannot be kept it is made for one compilation.
public struct KernelHeaderCache: Sendable {
    /// The folder that holds the headers of all kernels, or `nil` to keep none.
    public let folder: String?
    /// What tells this kernel's header from others.
    public let key: String
    private let makeText: @Sendable () throws -> String

    /// Makes a cache.
    ///
    /// - Parameters:
    ///   - folder: where to keep headers; ``standardFolder`` by default.
    ///   - key: what the text depends on; ``runningKernel(revision:)`` by default.
    ///   - makeText: prints the kernel's types as C; called only when there is no header yet.
    public init(
        folder: String? = KernelHeaderCache.standardFolder, key: String = KernelHeaderCache.runningKernel(),
        makeText: @escaping @Sendable () throws -> String
    ) {
        self.folder = folder
        self.key = key
        self.makeText = makeText
    }

    /// `$XDG_CACHE_HOME/skep`, else `/var/cache/skep` for root and `~/.cache/skep` for others.
    public static var standardFolder: String? {
        if let home = System.environment("XDG_CACHE_HOME"), home.hasPrefix("/") { return home + "/skep" }
        if System.isRoot { return "/var/cache/skep" }
        return System.environment("HOME").map { $0 + "/.cache/skep" }
    }

    /// A name for the running kernel: its release, and a hash of its build id, its BTF's size and `revision`.
    ///
    /// - Parameter revision: a number that grows when the printer of the header changes.
    public static func runningKernel(revision: Int = 1) -> String {
        let release = System.kernelRelease
        var hash = FowlerNollVoHash()
        hash.add(Array(release.utf8))
        // An ELF note with the build id; the same release may be built twice.
        hash.add((try? System.contents("/sys/kernel/notes", limit: 1 << 20)) ?? [])
        hash.add(Array("\(System.size("/sys/kernel/btf/vmlinux") ?? 0) \(revision)".utf8))
        let name = release.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "_" }
        return String(name) + "-" + String(hash.value, radix: 16)
    }

    /// The folder that holds this kernel's `vmlinux.h`, which is made if need be.
    ///
    /// - Parameter otherwise: a folder to write it to when the cache cannot be used.
    /// - Throws: ``ClangError`` with code ``ClangError/Code/kernelHeader`` when the text cannot be made.
    func folder(otherwise temporary: String) throws(ClangError) -> String {
        if let kept = keptFolder(), System.kind(kept + "/vmlinux.h") == .file { return kept }
        let text = try header()
        // Another kernel than before is rare: only then the folder is made.
        if let kept = makeKeptFolder(), (try? System.replaceFile(kept + "/vmlinux.h", with: text)) != nil {
            return kept
        }
        do throws(SystemError) {
            try System.replaceFile(temporary + "/vmlinux.h", with: text)
        } catch {
            throw ClangError(.kernelHeader, "vmlinux.h cannot be written: \(error)")
        }
        return temporary
    }

    private func keptFolder() -> String? {
        guard let folder, System.isPrivate(folder) else { return nil }
        let kept = folder + "/vmlinux/" + key
        return System.isPrivate(folder + "/vmlinux") && System.isPrivate(kept) ? kept : nil
    }

    private func makeKeptFolder() -> String? {
        guard let folder, (try? System.makeFolder(folder + "/vmlinux/" + key)) != nil else { return nil }
        return keptFolder()
    }

    private func header() throws(ClangError) -> String {
        do {
            // Our other headers leave their types to this one when they see the first name; sources look for the second,
            // which the text may use as its own guard.
            return "#ifndef SKEP_VMLINUX_H\n#define SKEP_VMLINUX_H\n#endif\n" + (try makeText())
                + "\n#ifndef __VMLINUX_H__\n#define __VMLINUX_H__\n#endif\n"
        } catch {
            throw ClangError(
                .kernelHeader, "the running kernel's types cannot be written as vmlinux.h", cause: error)
        }
    }
}

/// The FNV-1a hash: stable between runs, which Swift's own is not.
struct FowlerNollVoHash {
    private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add(_ bytes: [UInt8]) {
        for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }
}
