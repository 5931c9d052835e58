// SPDX-License-Identifier: Apache-2.0

/// The part of a name before its last `___`, which CO-RE compares: `task_struct___old` is a flavour of `task_struct`.
///
/// The separator is exactly three underscores with another character on both sides.
public enum EssentialName {
    /// The longest name in bytes that is looked up or can have a flavour: the kernel refuses more than 511
    /// (`KSYM_NAME_LEN`), and many types can share the bytes of one endless name.
    static let longest = 1024

    /// The name without its flavour.
    public static func of(_ name: String) -> Substring {
        name.utf8.count < 5 || name.utf8.count > longest ? name[...] : name[..<end(name.utf8)]
    }

    static func end(_ name: String.UTF8View) -> String.Index {
        let bytes = Array(name)
        return name.index(name.startIndex, offsetBy: bytes.withUnsafeBytes { length(of: $0) })
    }

    /// Whether the NUL-terminated string at the start of some bytes is a flavour of its first `length` bytes.
    static func isFlavour(_ string: UnsafeRawBufferPointer, of length: Int) -> Bool {
        let underscore = UInt8(ascii: "_")
        // What most strings with the same start lack is the separator, so that their ends need not be found.
        guard string.count > length + 4, string[length] == underscore, string[length + 1] == underscore,
            string[length + 2] == underscore, string[length + 3] != underscore, string[length + 3] != 0
        else { return false }
        guard let end = string.prefix(longest + 1).firstIndex(of: 0) else { return false }
        return self.length(of: UnsafeRawBufferPointer(rebasing: string[..<end])) == length
    }

    /// The number of bytes of a name, without NUL, that are its essential part.
    static func length(of name: UnsafeRawBufferPointer) -> Int {
        let underscore = UInt8(ascii: "_")
        guard name.count >= 5, name.count <= longest else { return name.count }
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
