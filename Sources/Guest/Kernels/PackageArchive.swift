// SPDX-License-Identifier: Apache-2.0

import Linux

/// An apt of our own: its sources, lists and downloads lie in a folder of the cache, so that the machine's are neither
/// read nor changed. What it fetches is checked against the signatures of Debian's keyring.
struct PackageArchive {
    private let folder: String
    private var configuration: String { folder + "/apt.conf" }

    /// The suites with kernels of the versions that matter. One that a mirror lacks is left out.
    private static let suites = ["trixie-backports", "sid", "experimental"]
    private static let securitySuites = ["bullseye-security", "bookworm-security", "trixie-security"]
    private static let keyrings = [
        "/usr/share/keyrings/debian-archive-keyring.gpg", "/usr/share/keyrings/debian-archive-keyring.pgp",
    ]
    private static let tools = ["apt-get", "apt-cache", "dpkg-deb", "sha256sum", "xz", "zstd"]

    init(folder: String, mirror: DebianMirror) throws(GuestError) {
        self.folder = folder
        try Self.requireTools()
        guard let keyring = Self.keyrings.first(where: { Files.exists($0) }) else {
            throw GuestError(
                .unavailable, "Debian's archive keyring is not installed, so packages cannot be checked",
                hint: "apt-get install debian-archive-keyring")
        }
        let lines =
            Self.suites.map { "deb [arch=amd64 signed-by=\(keyring)] \(mirror.archive) \($0) main" }
            + Self.securitySuites.map { "deb [arch=amd64 signed-by=\(keyring)] \(mirror.security) \($0) main" }
        // The machine's own hooks and preferences are not for these lists.
        let settings = """
            #clear APT::Update;
            #clear DPkg::Post-Invoke;
            Dir::Etc::sourcelist "\(folder)/sources.list";
            Dir::Etc::sourceparts "/dev/null";
            Dir::Etc::preferences "/dev/null";
            Dir::Etc::preferencesparts "/dev/null";
            Dir::State "\(folder)";
            Dir::State::lists "\(folder)/lists";
            Dir::State::status "/dev/null";
            Dir::Cache "\(folder)/cache";
            APT::Architecture "amd64";
            APT::Architectures "amd64";
            APT::Default-Release "";
            APT::Sandbox::User "root";
            Acquire::Languages "none";
            Acquire::Retries "2";
            Acquire::http::Timeout "30";
            Acquire::https::Timeout "30";
            """
        do throws(LinuxError) {
            for name in ["lists/partial", "cache/archives/partial"] { try Files.makeFolders("\(folder)/\(name)") }
            try Files.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: folder + "/sources.list")
            try Files.write(Array((settings + "\n").utf8), to: folder + "/apt.conf")
        } catch {
            throw GuestError(.system, "the folder \(folder) cannot be written to", cause: error)
        }
    }

    private static func requireTools() throws(GuestError) {
        let missing = tools.filter { Programs.find($0) == nil }
        guard missing.isEmpty else {
            throw GuestError(
                .unavailable,
                "kernels are fetched with Debian's tools, and \(missing.joined(separator: ", ")) is missing",
                hint: "on Debian or Ubuntu: apt-get install apt dpkg coreutils xz-utils zstd")
        }
    }

    /// Fetches the lists of packages.
    ///
    /// - Returns: what apt complains about; a suite that a mirror lacks is no reason to give up.
    func update() throws(GuestError) -> [String] {
        let output = try run("apt-get", ["update", "-q"], timeLimit: 300_000)
        let text = String(decoding: output.errors, as: UTF8.self)
        return text.split(separator: "\n").filter { $0.hasPrefix("E:") || $0.hasPrefix("W:") }.map(String.init)
    }

    /// The packages of kernels that the lists hold.
    func packages() throws(GuestError) -> [KernelPackage] {
        let names = String(
            decoding: try run("apt-cache", ["pkgnames", "linux-"], timeLimit: 120_000).output, as: UTF8.self)
        let prefixes = ["linux-image-", "linux-binary-", "linux-modules-", "linux-base-"]
        let wanted = names.split(separator: "\n").filter { name in
            name.hasSuffix("-amd64") && !name.contains("-rt-") && prefixes.contains { name.hasPrefix($0) }
        }.sorted()
        guard !wanted.isEmpty else { return [] }
        let arguments = ["show", "--no-all-versions"] + wanted.map(String.init)
        let text = String(decoding: try run("apt-cache", arguments, timeLimit: 120_000).output, as: UTF8.self)
        return Stanzas.read(text).compactMap { stanza in
            guard let name = stanza["Package"], let version = stanza["Version"], let digest = stanza["SHA256"] else {
                return nil
            }
            return KernelPackage(name: name, version: version, digest: digest, size: Int(stanza["Size"] ?? "") ?? 0)
        }
    }

    /// Downloads packages into a folder and checks their digests.
    ///
    /// - Returns: the paths of the files.
    func download(_ packages: [KernelPackage], into target: String) throws(GuestError) -> [String] {
        let output = try run(
            "apt-get", ["download", "-q"] + packages.map { "\($0.name)=\($0.version)" }, timeLimit: 900_000,
            directory: target)
        guard output.isSuccess else {
            let reason = String(decoding: output.errors, as: UTF8.self).split(separator: "\n").last.map(String.init)
            throw GuestError(
                .unavailable, "the packages could not be downloaded: \(reason ?? "apt-get did not say why")")
        }
        let names: [String]
        do throws(LinuxError) {
            names = try Directory.names(in: target).filter { $0.hasSuffix(".deb") }
        } catch {
            throw GuestError(.system, "the downloaded packages cannot be listed", cause: error)
        }
        var paths: [String] = []
        for package in packages {
            guard let name = names.first(where: { $0.hasPrefix(package.name + "_") }) else {
                throw GuestError(.unavailable, "apt-get brought no file of \(package.name)")
            }
            let path = "\(target)/\(name)"
            let sum = try Programs.run("sha256sum", ["-b", path], timeLimit: 60_000)
            guard sum.isSuccess, String(decoding: sum.output.prefix(64), as: UTF8.self) == package.digest else {
                throw GuestError(
                    .unavailable, "the file of \(package.name) \(package.version) has another digest than expected")
            }
            paths.append(path)
        }
        return paths
    }

    private func run(
        _ program: String, _ arguments: [String], timeLimit: Int32, directory: String? = nil
    ) throws(GuestError) -> ChildProcess.Output {
        try Programs.run(program, ["-c=\(configuration)"] + arguments, timeLimit: timeLimit, directory: directory)
    }
}
