// SPDX-License-Identifier: Apache-2.0

/// The short names that the kernel keeps for programs, maps and BTF: `BPF_OBJ_NAME_LEN` is 16 with the final NUL.
public enum ObjectName {
    /// The name that the kernel will show: cut to 15 bytes, other characters than letters, digits, `_` and `.`
    /// replaced by `_`.
    public static func sanitized(_ name: String) -> String {
        String(decoding: bytes(name), as: UTF8.self)
    }

    static func bytes(_ name: String) -> [UInt8] {
        name.utf8.prefix(15).map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."):
                byte
            default: UInt8(ascii: "_")
            }
        }
    }

    /// Writes a sanitised name into a field of 16 zeroed bytes.
    static func write<Field: BitwiseCopyable>(_ name: String, into field: inout Field) {
        withUnsafeMutableBytes(of: &field) { buffer in
            for (index, byte) in bytes(name).enumerated() where index < buffer.count - 1 { buffer[index] = byte }
        }
    }

    /// Reads a NUL-terminated name from a field.
    static func read<Field: BitwiseCopyable>(_ field: Field) -> String {
        withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
