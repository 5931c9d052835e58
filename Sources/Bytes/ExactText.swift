// SPDX-License-Identifier: Apache-2.0

/// A text that equals another when their UTF-8 bytes do: a key for names of files, whose bytes matter.
///
/// `String` also takes different spellings of one letter for equal, such as `é` and `e` with an accent behind it.
public struct ExactText: Hashable, Sendable {
    /// The text.
    public let text: String

    /// Makes a key.
    @inlinable
    public init(_ text: String) { self.text = text }

    /// Compares the bytes.
    @inlinable
    public static func == (left: ExactText, right: ExactText) -> Bool {
        left.text.utf8.count == right.text.utf8.count && left.text.utf8.elementsEqual(right.text.utf8)
    }

    /// Hashes the bytes.
    @inlinable
    public func hash(into hasher: inout Hasher) {
        hasher.combine(text.utf8.count)
        let isHashed: Void? = unsafe text.utf8.withContiguousStorageIfAvailable { bytes in
            unsafe hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
        }
        if isHashed == nil {
            for byte in text.utf8 { hasher.combine(byte) }
        }
    }
}
