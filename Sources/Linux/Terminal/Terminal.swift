// SPDX-License-Identifier: Apache-2.0

import CLinux

/// What is known about a terminal.
public enum Terminal {
    /// A terminal's size in characters.
    public struct Size: Sendable, Hashable {
        /// The characters in a line.
        public let columns: Int
        /// The lines.
        public let rows: Int
    }

    /// Whether a descriptor is a terminal.
    public static func isTerminal(_ descriptor: Int32) -> Bool {
        var settings = [UInt8](repeating: 0, count: 256)  // struct termios is smaller on every architecture
        return settings.withUnsafeMutableBytes { buffer in
            skep_ioctl(descriptor, 0x5401, UInt(bitPattern: buffer.baseAddress)) == 0  // TCGETS
        }
    }

    /// The size of the terminal behind a descriptor, or `nil` when it is none or does not know its size.
    public static func size(_ descriptor: Int32) -> Size? {
        var size: (UInt16, UInt16, UInt16, UInt16) = (0, 0, 0, 0)
        let answer = withUnsafeMutableBytes(of: &size) { buffer in
            skep_ioctl(descriptor, 0x5413, UInt(bitPattern: buffer.baseAddress))  // TIOCGWINSZ
        }
        guard answer == 0, size.1 > 0 else { return nil }
        return Size(columns: Int(size.1), rows: Int(size.0))
    }
}
