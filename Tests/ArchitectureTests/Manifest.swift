// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The targets and edges that Package.swift declares, as SwiftPM itself understands them.
struct Manifest: Decodable {
    /// One target: where its sources lie and which modules they may import.
    struct Target: Decodable {
        let name: String
        let type: String
        let path: String?
        let dependencies: [Dependency]

        /// The folder of the target's sources, from the root.
        var folder: String { path ?? (type == "test" ? "Tests/\(name)" : "Sources/\(name)") }
    }

    /// One edge; the dump has one of three keys, whose array begins with the name.
    struct Dependency: Decodable {
        let byName: [Part?]?
        let target: [Part?]?
        let product: [Part?]?

        var name: String? { ((byName ?? target ?? product)?.first ?? nil)?.text }

        /// An element of such an array: a name, or a condition that does not matter here.
        struct Part: Decodable {
            let text: String?
            init(from decoder: any Decoder) throws { text = try? decoder.singleValueContainer().decode(String.self) }
        }
    }

    let targets: [Target]

    /// Asks `swift package dump-package`, with a scratch folder of its own: the tests run inside `swift test`, which
    /// holds the lock of the usual one.
    static func load() throws -> Manifest {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "skep-manifest-\(getpid())")
        defer { try? FileManager.default.removeItem(at: scratch) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "swift", "package", "--package-path", Tree.root.path, "--scratch-path", scratch.path, "dump-package",
        ]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw ManifestError() }
        return try JSONDecoder().decode(Manifest.self, from: text)
    }

    struct ManifestError: Error, CustomStringConvertible {
        var description: String { "'swift package dump-package' failed; is swift on PATH?" }
    }
}
