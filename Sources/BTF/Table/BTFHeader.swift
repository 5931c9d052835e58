// SPDX-License-Identifier: Apache-2.0

import Bytes
import Diagnostics

/// The header of a `.BTF` section, checked against the bytes that are there.
///
/// Follows `struct btf_header` of `include/uapi/linux/btf.h`. A header longer than 24 bytes is accepted; from 32 bytes it
/// may describe a section with the sizes of all kinds, which lets a reader skip kinds it does not know.
struct BTFHeader {
    static let magic: UInt16 = 0xeb9f

    let order: ByteOrder
    /// Byte offset and length of the types from the start of the bytes.
    let types: Range<Int>
    /// Byte offset and length of the strings from the start of the bytes.
    let strings: Range<Int>
    /// Byte offset and length of the description of kinds, empty when there is none.
    let layout: Range<Int>

    init(_ span: RawSpan) throws(BTFError) {
        let (order, length) = try BTFHeader.preamble(span, minimumLength: 24)
        func field(_ offset: Int) -> Int {
            Int(span.integer(at: offset, as: UInt32.self, order: order) ?? 0)
        }
        func section(_ name: String, offset: Int, length count: Int) throws(BTFError) -> Range<Int> {
            let start = length + offset
            guard start <= span.byteCount, count <= span.byteCount - start else {
                throw .malformed("the \(name) section of the type information goes past the end", offset: start)
            }
            return start..<start + count
        }
        self.order = order
        types = try section("type", offset: field(8), length: field(12))
        strings = try section("string", offset: field(16), length: field(20))
        layout = length >= 32 ? try section("layout", offset: field(24), length: field(28)) : 0..<0
        guard types.lowerBound % 4 == 0 else {
            throw .malformed("the type section is not aligned to 4 bytes", offset: types.lowerBound)
        }
        if !strings.isEmpty, span.integer(at: strings.upperBound - 1, as: UInt8.self, order: order) != 0 {
            throw .malformed("the last string has no end", offset: strings.upperBound - 1)
        }
    }

    /// Reads what `.BTF` and `.BTF.ext` headers have in common: magic, version, header length.
    static func preamble(
        _ span: RawSpan, minimumLength: Int
    ) throws(BTFError) -> (order: ByteOrder, length: Int) {
        guard let first = span.integer(at: 0, as: UInt16.self, order: .little), span.byteCount >= 8 else {
            throw .malformed("the type information is shorter than its header")
        }
        let order: ByteOrder
        switch first {
        case magic: order = .little
        case magic.byteSwapped: order = .big
        default:
            throw BTFError(
                .malformed, "this is not type information: it does not start with the BTF magic number",
                hint: "give the contents of a .BTF section or of /sys/kernel/btf/vmlinux")
        }
        let version = span.integer(at: 2, as: UInt8.self, order: order) ?? 0
        guard version == 1 else {
            throw BTFError(.unsupported, "type information of version \(version) is not supported, only version 1")
        }
        let length = Int(span.integer(at: 4, as: UInt32.self, order: order) ?? 0)
        guard length >= minimumLength else {
            throw .malformed("the header says it has \(length) bytes, which is too few", offset: 4)
        }
        guard length <= span.byteCount else {
            throw .malformed("the type information is shorter than its header", offset: 4)
        }
        return (order, length)
    }
}
