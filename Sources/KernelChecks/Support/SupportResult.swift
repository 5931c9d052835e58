// SPDX-License-Identifier: Apache-2.0

public import Guest
public import Linux

/// What the checks said on one kernel, kept in a file so that the table of support can be made from several runs.
public struct SupportResult: Sendable, Hashable {
    /// The column of the table, such as `6.12`.
    public let series: String
    /// The kernel's release.
    public let release: String
    /// Its upstream version.
    public let version: KernelVersion
    /// Whether its modules could be had.
    public let hasModules: Bool
    /// The reports of the checks.
    public let reports: [CheckReport]

    /// Makes a result; its column is the kernel's own series, whatever name it was fetched by.
    public init(kernel: GuestKernel, reports: [CheckReport]) {
        self.init(
            series: "\(kernel.version.major).\(kernel.version.minor)", release: kernel.release, version: kernel.version,
            hasModules: kernel.hasModules, reports: reports)
    }

    /// Makes a result of its parts.
    public init(series: String, release: String, version: KernelVersion, hasModules: Bool, reports: [CheckReport]) {
        self.series = series
        self.release = release
        self.version = version
        self.hasModules = hasModules
        self.reports = reports
    }

    /// Reads the text of a result's file; nil when it is something else.
    public init?(text: String) {
        let lines = text.split(separator: "\n")
        guard let words = lines.first?.split(separator: " "), words.count == 4 else { return nil }
        guard let version = KernelVersion(release: words[2]) else { return nil }
        self.init(
            series: String(words[0]), release: String(words[1]), version: version, hasModules: words[3] == "modules",
            reports: lines.dropFirst().compactMap { CheckReport(line: $0) })
    }

    /// The text of its file: the kernel on the first line, then one report a line.
    public var text: String {
        let number = "\(version.major).\(version.minor).\(version.patch)"
        let head = "\(series) \(release) \(number) \(hasModules ? "modules" : "no-modules")\n"
        return head + reports.map { $0.line + "\n" }.joined()
    }

    /// Writes it into a folder, under the name of its series.
    public func write(to folder: String) throws(LinuxError) {
        try Files.makeFolders(folder)
        try Files.write(Array(text.utf8), to: "\(folder)/\(series)")
    }

    /// The results in a folder, the oldest kernel first.
    public static func all(in folder: String) -> [SupportResult] {
        ((try? Directory.names(in: folder)) ?? []).compactMap { name in
            (try? Files.readText("\(folder)/\(name)", limit: 16 << 20)).flatMap { SupportResult(text: $0) }
        }.sorted { $0.version < $1.version }
    }
}
