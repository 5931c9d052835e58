// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

/// A folder of a test's own, removed when the test ends.
final class Workplace {
    let path: String

    init() throws {
        var template = Array("/tmp/skep-clang-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { _ = system("rm -rf '\(path)'") }

    /// Writes a file and gives its path.
    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        let file = path + "/" + name
        if let slash = file.lastIndex(of: "/") { _ = system("mkdir -p '\(file[..<slash])'") }
        let stream = try #require(fopen(file, "w"))
        fputs(text, stream)
        fclose(stream)
        return file
    }

    /// Writes a shell script that may be run.
    func script(_ name: String, _ text: String) throws -> String {
        let file = try write(name, "#!/bin/sh\n" + text)
        chmod(file, 0o755)
        return file
    }

    /// The names of files in a folder below.
    func names(in folder: String = "") -> [String] {
        guard let pipe = popen("ls -A '\(path)/\(folder)' 2>/dev/null", "r") else { return [] }
        defer { pclose(pipe) }
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = fread(&buffer, 1, buffer.count, pipe), count > 0 {
            text += String(decoding: buffer[..<count], as: UTF8.self)
        }
        return text.split(separator: "\n").map(String.init)
    }
}

/// The tools of the machine.
enum Machine {
    /// The source tree's headers.
    static let headers: String = {
        let file = #filePath
        let folders = file.split(separator: "/").dropLast(3)
        return "/" + folders.joined(separator: "/") + "/include"
    }()

    /// A clang that compiles for BPF, or `nil`.
    static let clang: String? = {
        let named = getenv("CLANG").map { String(cString: $0) }
        return ([named, "/opt/swift/usr/bin/clang", "/usr/bin/clang"].compactMap { $0 }).first {
            system("'\($0)' --print-targets 2>/dev/null | grep -q bpfel") == 0
        }
    }()
}
