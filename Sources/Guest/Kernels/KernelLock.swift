// SPDX-License-Identifier: Apache-2.0

import Linux

/// The kernels that a project's tests are for, by the exact packages: a text file of one package a line.
///
/// ```
/// # series release package version sha256
/// 5.10 5.10.0-46-amd64 linux-image-5.10.0-46-amd64 5.10.262-1 6d89bdf9…
/// ```
public struct KernelLock: Sendable, Hashable {
    /// A kernel of the lock.
    public struct Entry: Sendable, Hashable {
        /// The series.
        public let series: String
        /// The release as `uname -r` says it.
        public let release: String
        /// Its packages.
        public var packages: [KernelPackage]
    }

    /// The kernels, in the order of the file.
    public private(set) var entries: [Entry] = []

    /// Makes an empty lock.
    public init() {}

    /// Reads a lock.
    ///
    /// - Throws: ``GuestError`` with the line that makes no sense.
    public init(text: String) throws(GuestError) {
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = line.split(separator: " ", maxSplits: 2)
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            guard words.count == 3, let package = KernelPackage(line: words[2]) else {
                throw GuestError(
                    .usage, "line \(index + 1) of the lock is not 'series release package version sha256'")
            }
            add(package, series: String(words[0]), release: String(words[1]))
        }
    }

    /// Reads a lock's file.
    public init(path: String) throws(GuestError) {
        let text: String
        do throws(LinuxError) {
            text = try Files.readText(path, limit: 1 << 20)
        } catch {
            throw GuestError(.usage, "cannot read the lock \(path)", cause: error)
        }
        try self.init(text: text)
    }

    /// The entry of a series.
    public subscript(series: String) -> Entry? { entries.first { $0.series == series } }

    /// Replaces the entry of a series.
    mutating func set(_ series: String, _ release: String, _ packages: [KernelPackage]) {
        let entry = Entry(series: series, release: release, packages: packages)
        if let index = entries.firstIndex(where: { $0.series == series }) {
            entries[index] = entry
        } else {
            entries.append(entry)
        }
        entries.sort { (KernelVersion(release: $0.series) ?? "0.0") < (KernelVersion(release: $1.series) ?? "0.0") }
    }

    private mutating func add(_ package: KernelPackage, series: String, release: String) {
        if let index = entries.firstIndex(where: { $0.series == series }) {
            entries[index].packages.append(package)
        } else {
            entries.append(Entry(series: series, release: release, packages: [package]))
        }
    }

    /// The lock as text.
    public var text: String {
        var text = "# The kernels that guests boot in tests; `make kernels-lock` writes it.\n"
        text += "# series release package version sha256\n"
        for entry in entries {
            for package in entry.packages { text += "\(entry.series) \(entry.release) \(package.line)\n" }
        }
        return text
    }
}
