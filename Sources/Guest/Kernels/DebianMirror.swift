// SPDX-License-Identifier: Apache-2.0

import Linux

/// Where this machine gets Debian's packages: the main archive and that of security updates.
public struct DebianMirror: Sendable, Hashable {
    /// The address of the main archive, which ends with `/debian`.
    public let archive: String
    /// The address of the archive of security updates, which ends with `/debian-security`.
    public let security: String

    /// Takes the address that a person names, else what apt uses on this machine.
    ///
    /// - Parameter given: the address of a main archive; that of security updates lies beside it.
    /// - Throws: ``GuestError`` when this machine's sources name no archive of Debian's.
    public static func find(_ given: String? = nil, sources: String = "/etc/apt") throws(GuestError) -> DebianMirror {
        if let given {
            guard given.contains("://"), !given.contains(where: { $0.isWhitespace || $0 == "\"" || $0 == "[" }) else {
                throw GuestError(.usage, "'\(given)' is not the address of a mirror", hint: "give http://HOST/debian")
            }
            let base = trimmed(given)
            let host = base.hasSuffix("/debian") ? String(base.dropLast("/debian".count)) : base
            return DebianMirror(archive: host + "/debian", security: host + "/debian-security")
        }
        let addresses = addresses(in: sources)
        let archive = addresses.first { $0.hasSuffix("/debian") }
        let security = addresses.first { $0.hasSuffix("/debian-security") }
        guard let first = archive ?? security else {
            throw GuestError(
                .unavailable, "this machine's apt sources name no archive of Debian's",
                hint: "give one with --mirror http://HOST/debian")
        }
        let host =
            archive.map { String($0.dropLast("/debian".count)) } ?? String(first.dropLast("/debian-security".count))
        return DebianMirror(archive: archive ?? host + "/debian", security: security ?? host + "/debian-security")
    }

    /// The addresses in sources.list, *.list and *.sources, in their order.
    static func addresses(in folder: String) -> [String] {
        var texts: [(isStanzas: Bool, text: String)] = []
        if let text = try? Files.readText(folder + "/sources.list") { texts.append((false, text)) }
        for name in (try? Directory.names(in: folder + "/sources.list.d")) ?? [] {
            guard name.hasSuffix(".list") || name.hasSuffix(".sources") else { continue }
            guard let text = try? Files.readText("\(folder)/sources.list.d/\(name)") else { continue }
            texts.append((name.hasSuffix(".sources"), text))
        }
        return texts.flatMap { $0.isStanzas ? stanzaAddresses($0.text) : lineAddresses($0.text) }.map(trimmed)
    }

    /// `deb [options] ADDRESS SUITE COMPONENT…`
    static func lineAddresses(_ text: String) -> [String] {
        text.split(separator: "\n").compactMap { line in
            var words = line.split(whereSeparator: \.isWhitespace)
            guard words.first == "deb" else { return nil }
            words.removeFirst()
            if words.first?.hasPrefix("[") ?? false {
                while let word = words.first, !word.hasSuffix("]") { words.removeFirst() }
                words = Array(words.dropFirst())
            }
            return words.first.map(String.init)
        }
    }

    /// Stanzas of `Types`, `URIs`, `Enabled` and others (the format of deb822(5)).
    static func stanzaAddresses(_ text: String) -> [String] {
        Stanzas.read(text).filter { $0["Enabled"]?.lowercased() != "no" }.flatMap { stanza in
            guard stanza["Types"]?.split(separator: " ").contains("deb") ?? false else { return [String]() }
            return (stanza["URIs"] ?? "").split(whereSeparator: \.isWhitespace).map(String.init)
        }
    }

    private static func trimmed(_ address: String) -> String {
        var address = address
        while address.hasSuffix("/") { address.removeLast() }
        return address
    }
}

/// Texts of `Name: value` lines in stanzas that empty lines divide, as Debian writes them.
enum Stanzas {
    static func read(_ text: String) -> [[String: String]] {
        var stanzas: [[String: String]] = []
        var current: [String: String] = [:]
        var name = ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.allSatisfy(\.isWhitespace) {
                if !current.isEmpty { stanzas.append(current) }
                current = [:]
                name = ""
            } else if line.hasPrefix("#") {
                continue
            } else if line.hasPrefix(" ") || line.hasPrefix("\t") {
                current[name]?.append(" " + line.drop(while: \.isWhitespace))
            } else if let colon = line.firstIndex(of: ":") {
                name = String(line[..<colon])
                current[name] = String(line[line.index(after: colon)...].drop(while: \.isWhitespace))
            }
        }
        if !current.isEmpty { stanzas.append(current) }
        return stanzas
    }
}
