// SPDX-License-Identifier: Apache-2.0

public import Bytes

/// What libFuzzer hands to a fuzzer.
public enum FuzzInput {
    /// The bytes of one run; the copy ends at a page that cannot be read only when the address sanitizer is on.
    public static func bytes(_ start: UnsafePointer<UInt8>?, _ count: Int) -> OwnedBytes {
        OwnedBytes(Array(UnsafeBufferPointer(start: start, count: count)))
    }

    /// Splits the input in parts: each but the last has its length before it, two bytes, the lower first.
    ///
    /// - Returns: `count` parts; those that the input is too short for are short or empty.
    public static func parts(_ start: UnsafePointer<UInt8>?, _ length: Int, count: Int) -> [OwnedBytes] {
        var rest = Array(UnsafeBufferPointer(start: start, count: length))[...]
        var parts: [OwnedBytes] = []
        for _ in 1..<count {
            let length = rest.prefix(2).reversed().reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(2)
            parts.append(OwnedBytes(Array(rest.prefix(length))))
            rest = rest.dropFirst(length)
        }
        return parts + [OwnedBytes(Array(rest))]
    }
}

/// Runs a body and drops the error that it throws: any error is a good answer, a trap is not.
@inline(__always)
public func tolerating(_ body: () throws -> Void) {
    do { try body() } catch {}
}
