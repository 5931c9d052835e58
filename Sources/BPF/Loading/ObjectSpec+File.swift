// SPDX-License-Identifier: Apache-2.0

public import BPFObject
import Bytes
import Diagnostics
import Linux

extension ObjectSpec {
    /// Reads an object file that clang or `skep build` wrote.
    ///
    /// ```swift
    /// var spec = try ObjectSpec(contentsOf: "opensnoop.o")
    /// try spec.setVariable("only_failed", to: UInt8(1))
    /// ```
    ///
    /// - Parameter path: the file; its name without `.bpf.o` or `.o` becomes the object's.
    /// - Throws: ``BPFError`` with the reason as its cause when the file cannot be read or is no eBPF object.
    public init(contentsOf path: String) throws(BPFError) {
        var name = path.split(separator: "/").last.map(String.init) ?? path
        for ending in [".bpf.o", ".o"] where name.hasSuffix(ending) && name.count > ending.count {
            name.removeLast(ending.count)
        }
        do {
            self = try ObjectSpec(OwnedBytes(try Files.read(path, limit: 256 << 20)), name: name)
        } catch {
            throw BPFError(.malformed, "cannot read the object \(path)", cause: error)
        }
    }
}
