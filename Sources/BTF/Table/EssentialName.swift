// SPDX-License-Identifier: Apache-2.0

/// The part of a name before its last `___`, which CO-RE compares: `task_struct___old` is a flavour of `task_struct`.
///
/// The separator is exactly three underscores with another character on both sides.
public enum EssentialName {
    /// The name without its flavour.
    public static func of(_ name: String) -> Substring {
        name.utf8.count < 5 ? name[...] : name[..<end(name.utf8)]
    }

    static func end(_ name: String.UTF8View) -> String.Index {
        let bytes = Array(name)
        return name.index(name.startIndex, offsetBy: bytes.withUnsafeBytes { length(of: $0) })
    }

    /// The number of bytes of a name, without NUL, that are its essential part.
    static func length(of name: UnsafeRawBufferPointer) -> Int {
        let underscore = UInt8(ascii: "_")
        guard name.count >= 5 else { return name.count }
        var index = name.count - 5
        while index >= 0 {
            if name[index + 1] == underscore, name[index + 2] == underscore, name[index + 3] == underscore,
                name[index] != underscore, name[index + 4] != underscore
            {
                return index + 1
            }
            index -= 1
        }
        return name.count
    }
}
