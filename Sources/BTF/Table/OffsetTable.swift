// SPDX-License-Identifier: Apache-2.0

import Bytes
import Diagnostics

/// Where each type starts in the type section: one pass, four bytes a type, nothing decoded.
enum OffsetTable {
    static func build(_ span: RawSpan, header: BTFHeader, firstID: Int) throws(BTFError) -> [UInt32] {
        let sizes = KindSizes(span, header: header)
        let length = header.types.count
        // A vmlinux has 25 bytes a type. A table that turns out denser is walked again with room for the worst case.
        for capacity in [length / 24 + 1, length / 12 + 1] {
            var result = Walk.tooMany
            let offsets = span.withUnsafeBytes { bytes in
                [UInt32](unsafeUninitializedCapacity: capacity) { buffer, count in
                    let types = UnsafeRawBufferPointer(rebasing: bytes[header.types])
                    result = walk(types, sizes: sizes.packed, swapped: header.order != .host, into: buffer, &count)
                }
            }
            switch result {
            case .done: return offsets
            case .tooMany: continue
            case .unknownKind(let kind, let offset):
                throw BTFError(
                    .unsupported, "type information has a type of unknown kind \(kind)",
                    context: [
                        DiagnosticContext("type", firstID + offsets.count), DiagnosticContext("offset", offset),
                    ],
                    hint: "it was made for a newer kernel than this library knows")
            case .truncated(let offset):
                throw .malformed(
                    "a type goes past the end of the type section",
                    type: BTFTypeID(UInt32(truncatingIfNeeded: firstID + offsets.count)), offset: offset)
            }
        }
        throw .malformed("the type section has too many types")
    }

    private enum Walk {
        case done, tooMany, unknownKind(UInt32, offset: Int), truncated(offset: Int)
    }

    private static func walk(
        _ types: UnsafeRawBufferPointer, sizes: [UInt32], swapped: Bool,
        into buffer: UnsafeMutableBufferPointer<UInt32>, _ count: inout Int
    ) -> Walk {
        sizes.withUnsafeBufferPointer { sizes in
            let length = types.count
            guard let start = types.baseAddress, let offsets = buffer.baseAddress else {
                return length == 0 ? .done : .tooMany
            }
            let capacity = buffer.count
            var offset = 0
            var found = 0
            defer { count = found }
            while offset < length {
                if found == capacity { return .tooMany }
                if length &- offset < 12 { return .truncated(offset: offset) }
                var info = (start + (offset &+ 4)).loadUnaligned(as: UInt32.self)
                if swapped { info = info.byteSwapped }
                // The kind has 7 bits and the count 24 since Linux 7.1, 5 and 16 before. What was unused then is zero,
                // so that the wider fields are right for both.
                let kind = info >> 24 & 0x7f
                let size = sizes[Int(kind)]
                if size == 0 { return .unknownKind(kind, offset: offset) }
                let elements = Int(info & 0xff_ffff) &* Int(size >> 16 & 0x7fff)
                let next = offset &+ 12 &+ Int(size & 0xffff) &+ elements
                if next > length { return .truncated(offset: offset) }
                offsets[found] = UInt32(truncatingIfNeeded: offset)
                found &+= 1
                offset = next
            }
            return .done
        }
    }
}
