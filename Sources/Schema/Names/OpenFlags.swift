// SPDX-License-Identifier: Apache-2.0

/// The flags of `open(2)` by name (`include/uapi/asm-generic/fcntl.h` and arm64's own `fcntl.h`).
public enum OpenFlags {
    /// Single bits beyond the access mode; a flag that includes another one comes before it.
    static let bits: [(name: String, value: UInt64)] = {
        #if arch(arm64)
            let (directory, noFollow, direct, largeFile): (UInt64, UInt64, UInt64, UInt64) =
                (0o40000, 0o100000, 0o200000, 0o400000)
        #else
            let (directory, noFollow, direct, largeFile): (UInt64, UInt64, UInt64, UInt64) =
                (0o200000, 0o400000, 0o40000, 0o100000)
        #endif
        return [
            ("O_CREAT", 0o100), ("O_EXCL", 0o200), ("O_NOCTTY", 0o400), ("O_TRUNC", 0o1000), ("O_APPEND", 0o2000),
            ("O_NONBLOCK", 0o4000), ("O_SYNC", 0o4010000), ("O_DSYNC", 0o10000), ("O_ASYNC", 0o20000),
            ("O_DIRECT", direct), ("O_LARGEFILE", largeFile), ("O_TMPFILE", 0o20000000 | directory),
            ("O_DIRECTORY", directory), ("O_NOFOLLOW", noFollow), ("O_NOATIME", 0o1000000), ("O_CLOEXEC", 0o2000000),
            ("O_PATH", 0o10000000),
        ]
    }()

    /// The flags as C writes them: `O_RDONLY|O_CLOEXEC`; bits without a name come last in hex.
    public static func text(of flags: UInt64) -> String {
        var text = ""
        let rest = forEachName(of: flags) { text += text.isEmpty ? $0 : "|" + $0 }
        return rest == 0 ? text : text + "|0x" + String(rest, radix: 16)
    }

    /// Calls a closure with the names of the flags, the access mode first, and answers the bits that have none.
    public static func forEachName(of flags: UInt64, _ body: (String) -> Void) -> UInt64 {
        switch flags & 3 {
        case 0: body("O_RDONLY")
        case 1: body("O_WRONLY")
        case 2: body("O_RDWR")
        default: body("O_ACCMODE")
        }
        var rest = flags & ~3
        for (name, value) in bits where rest & value == value {
            body(name)
            rest &= ~value
        }
        return rest
    }

    /// The value of one flag's name, or `nil` when it is unknown.
    public static func value(of name: String) -> UInt64? {
        switch name {
        case "O_RDONLY": 0
        case "O_WRONLY": 1
        case "O_RDWR": 2
        case "O_ACCMODE": 3
        default: bits.first { $0.name == name }?.value
        }
    }
}
