// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Reads integers of one file in its byte order; what lies past the end throws.
struct ELFReader {
    let bytes: OwnedBytes
    let order: ByteOrder
    /// What is being read, for messages.
    let subject: String
    /// The section that the bytes belong to, for messages.
    var section: String?
    /// Where `bytes` starts in the file, for messages.
    var base: UInt64 = 0

    func read<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type = T.self, at offset: Int) throws(ELFError) -> T {
        guard let value = bytes.span.integer(at: offset, as: T.self, order: order) else {
            throw ELFError(
                .outOfBounds, "the \(subject) reaches past the end of its bytes", section: section,
                offset: base &+ UInt64(truncatingIfNeeded: offset))
        }
        return value
    }
}
