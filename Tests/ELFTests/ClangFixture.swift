// SPDX-License-Identifier: Apache-2.0

import Bytes
import ELF
import Foundation
import TestSupport

/// Compiles C for a test; answers `nil` when the machine has no clang.
enum ClangFixture {
    struct Failure: Error { let text: String }

    static let clang = CompiledC.tool("clang", variable: "CLANG")

    static func run(_ program: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        if process.terminationStatus != 0 { throw Failure(text: text) }
        return text
    }

    static func compile(_ source: String, _ flags: [String]) throws -> [UInt8] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("skep-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let input = folder.appendingPathComponent("input.c")
        let output = folder.appendingPathComponent("output")
        try Data(source.utf8).write(to: input)
        _ = try run(clang ?? "clang", flags + [input.path, "-o", output.path])
        return [UInt8](try Data(contentsOf: output))
    }

    static func object(_ source: String, target: String = "bpfel", flags: [String] = []) throws -> [UInt8] {
        try compile(source, ["--target=\(target)", "-g", "-O2", "-c"] + flags)
    }

    static let program = """
        struct { int (*type)[1]; unsigned *key; } counts __attribute__((section(".maps"), used));
        static void *(*look)(void *map, const void *key) = (void *)1;
        const volatile int minimum = 5;
        int state;
        char LICENSE[] __attribute__((section("license"))) = "Dual BSD/GPL";
        static __attribute__((noinline)) int helper(int value) { return value + state; }
        __attribute__((section("tp/one"), used)) int one(void *context) {
            unsigned key = 0;
            return look(&counts, &key) != 0 ? helper(minimum) : 0;
        }
        __attribute__((section("tp/one"), used)) int two(void *context) { return helper(3); }
        """
}
