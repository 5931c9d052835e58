// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A failure that ends the generator.
struct GeneratorError: Error {
    let message: String
}

/// Reads a text file.
func readFile(_ path: String) throws(GeneratorError) -> String {
    guard let file = fopen(path, "r") else { throw GeneratorError(message: "cannot open \(path)") }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
    return String(decoding: bytes, as: UTF8.self)
}

/// Writes a text file, whole.
func writeFile(_ path: String, _ text: String) throws(GeneratorError) {
    guard let file = fopen(path, "w") else { throw GeneratorError(message: "cannot write \(path)") }
    let bytes = Array(text.utf8)
    let written = fwrite(bytes, 1, bytes.count, file)
    guard fclose(file) == 0, written == bytes.count else { throw GeneratorError(message: "cannot write \(path)") }
}

/// Writes a line to the standard error.
func complain(_ message: String) {
    let bytes = Array("generate-helpers: \(message)\n".utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
}
