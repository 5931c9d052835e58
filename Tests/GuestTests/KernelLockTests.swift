// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Guest

/// The lock names the exact packages, and says what is wrong with it.
@Suite struct KernelLockTests {
    private static let digest = String(repeating: "ab", count: 32)

    @Test("a lock is written as it is read")
    func roundTrip() throws {
        let lines = [
            "6.1 6.1.0-1-amd64 linux-image-6.1.0-1-amd64 6.1.2-1 \(Self.digest)",
            "7.2 7.2.1-amd64 linux-binary-7.2.1-amd64 7.2.1-1 \(Self.digest)",
            "7.2 7.2.1-amd64 linux-modules-7.2.1-amd64 7.2.1-1 \(Self.digest)",
        ]
        let lock = try KernelLock(text: "# a comment\n\n" + lines.joined(separator: "\n"))
        #expect(lock.entries.map(\.series) == ["6.1", "7.2"])
        #expect(lock["7.2"]?.packages.count == 2)
        #expect(lock["5.10"] == nil)
        #expect(try KernelLock(text: lock.text) == lock)
    }

    @Test("a series that is set anew takes its place in order")
    func order() throws {
        var lock = KernelLock()
        let package = KernelPackage(name: "a", version: "1", digest: Self.digest)
        for series in ["6.12", "5.10", "6.1", "6.12"] { lock.set(series, series + ".1", [package]) }
        #expect(lock.entries.map(\.series) == ["5.10", "6.1", "6.12"])
    }

    @Test("a line that makes no sense is named", arguments: ["6.1 only three words", "6.1 r name 1.0 short"])
    func nonsense(line: String) {
        #expect(throws: GuestError.self) { try KernelLock(text: line) }
        do {
            _ = try KernelLock(text: "# fine\n" + line)
        } catch {
            #expect(error.message.hasPrefix("line 2 "))
        }
    }

    @Test("the lock of this tree names a kernel of every series that the tests want")
    func ours() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        let lock = try KernelLock(path: root + "/Tools/kernels.lock")
        for series in ["5.10", "6.1", "6.12"] { #expect(lock[series] != nil) }
        #expect(lock.entries.last?.series.hasPrefix("7.") == true)
    }

    @Test("what a module needs is read from its own text")
    func dependencies() {
        let text = "rubbish\0license=GPL\0depends=llc,stp\0name=bridge\0"
        #expect(KernelUnpacker.dependencies(Array(text.utf8)) == ["llc", "stp"])
        #expect(KernelUnpacker.dependencies(Array("\0depends=\0".utf8)).isEmpty)
        #expect(KernelUnpacker.dependencies([]).isEmpty)
        #expect(KernelUnpacker.dependencies(Array("\0depends=".utf8)).isEmpty)
    }
}
