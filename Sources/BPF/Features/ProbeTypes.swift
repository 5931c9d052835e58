// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The smallest type information that a probe needs, built by hand: older kernels must take it too.
enum ProbeTypes {
    /// Type 1: `int`.
    static let integer = table(types: [1, 1 << 24, 4, 1 << 24 | 32], strings: "\0int\0")

    /// Type 1: `int`; 2: a function without parameters that returns it; 3: a static function `f` of that type.
    static let function = table(
        types: [1, 1 << 24, 4, 1 << 24 | 32, 0, 13 << 24, 1, 5, 12 << 24, 2], strings: "\0int\0f\0")

    /// ``function``, with a function that others may call.
    static let globalFunction = table(
        types: [1, 1 << 24, 4, 1 << 24 | 32, 0, 13 << 24, 1, 5, 12 << 24 | 1, 2], strings: "\0int\0f\0")

    /// Type 1: `int`; 2: a variable `x` of it; 3: the section `.bss` that holds it.
    static let dataSection = table(
        types: [1, 1 << 24, 4, 1 << 24 | 32, 5, 14 << 24, 1, 1, 7, 15 << 24 | 1, 4, 2, 0, 4],
        strings: "\0int\0x\0.bss\0")

    /// Type 1: `float`.
    static let float = table(types: [1, 16 << 24, 4], strings: "\0float\0")

    /// ``function`` with a tag on the function.
    static let declarationTag = table(
        types: [1, 1 << 24, 4, 1 << 24 | 32, 0, 13 << 24, 1, 5, 12 << 24, 2, 5, 17 << 24, 3, .max],
        strings: "\0int\0f\0")

    /// Type 1: `int`; 2: a tag on it; 3: a pointer to the tagged type.
    static let typeTag = table(
        types: [1, 1 << 24, 4, 1 << 24 | 32, 5, 18 << 24, 1, 0, 2 << 24, 2], strings: "\0int\0t\0")

    /// Type 1: an enumeration of 64 bits with one value.
    static let wideEnumeration = table(types: [0, 19 << 24 | 1, 8, 1, 1, 1], strings: "\0a\0")

    private static func table(types: [UInt32], strings: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(UInt16(0xeb9f), order: .host)
        bytes.append(contentsOf: [1, 0])
        for word in [24, 0, UInt32(types.count * 4), UInt32(types.count * 4), UInt32(strings.utf8.count)] {
            bytes.append(word, order: .host)
        }
        for word in types { bytes.append(word, order: .host) }
        bytes.append(contentsOf: strings.utf8)
        return bytes
    }
}
