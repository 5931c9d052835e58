// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A request of rtnetlink(7), built from its fixed header and attributes.
struct NetlinkMessage {
    /// All bytes; the length in the header is set by ``finished(sequence:)``.
    private(set) var bytes: [UInt8]

    /// Starts a message.
    ///
    /// - Parameters:
    ///   - type: `RTM_*`.
    ///   - flags: `NLM_F_*` beside `NLM_F_REQUEST`, which is added.
    ///   - header: the family's own header.
    init<Header>(type: UInt16, flags: UInt16, header: Header) {
        bytes = []
        bytes.append(UInt32(0), order: .host)
        bytes.append(type, order: .host)
        bytes.append(flags | 1, order: .host)
        bytes.append(UInt32(0), order: .host)
        bytes.append(UInt32(0), order: .host)
        withUnsafeBytes(of: header) { bytes.append(contentsOf: $0) }
        pad()
    }

    /// Adds an attribute.
    mutating func attribute(_ type: UInt16, _ value: [UInt8]) {
        bytes.append(UInt16(clamping: value.count + 4), order: .host)
        bytes.append(type, order: .host)
        bytes.append(contentsOf: value)
        pad()
    }

    /// Adds a number as an attribute.
    mutating func attribute(_ type: UInt16, number: UInt32) {
        var value: [UInt8] = []
        value.append(number, order: .host)
        attribute(type, value)
    }

    /// Adds text with its NUL as an attribute.
    mutating func attribute(_ type: UInt16, text: String) {
        attribute(type, [UInt8](text.utf8) + [0])
    }

    /// Adds an attribute that holds attributes (and a header before them, where `body` appends one).
    mutating func nested(_ type: UInt16, _ body: (inout NetlinkMessage) -> Void) {
        let start = bytes.count
        bytes.append(UInt16(0), order: .host)
        bytes.append(type | 0x8000, order: .host)  // NLA_F_NESTED
        body(&self)
        bytes.store(UInt16(clamping: bytes.count - start), at: start, order: .host)
        pad()
    }

    /// Adds plain bytes, such as a header inside an attribute.
    mutating func raw<Header>(_ header: Header) {
        withUnsafeBytes(of: header) { bytes.append(contentsOf: $0) }
        pad()
    }

    /// The bytes to send.
    func finished(sequence: UInt32) -> [UInt8] {
        var message = bytes
        message.store(UInt32(clamping: message.count), at: 0, order: .host)
        message.store(sequence, at: 8, order: .host)
        return message
    }

    private mutating func pad() {
        while bytes.count % 4 != 0 { bytes.append(0) }
    }
}

/// The attributes of a netlink message, read without trust.
struct NetlinkAttributes {
    private let values: [UInt16: [UInt8]]

    /// Reads attributes from `offset` to the end.
    init(_ bytes: [UInt8], from offset: Int) {
        var values: [UInt16: [UInt8]] = [:]
        var offset = offset
        let span = bytes.span.bytes
        while let length = span.integer(at: offset, as: UInt16.self, order: .host),
            let type = span.integer(at: offset + 2, as: UInt16.self, order: .host), length >= 4,
            let value = span.bytes(at: offset + 4, count: Int(length) - 4)
        {
            values[type & 0x3fff] = value
            offset += (Int(length) + 3) & ~3
        }
        self.values = values
    }

    subscript(type: UInt16) -> [UInt8]? { values[type] }

    func number(_ type: UInt16) -> UInt32? {
        values[type].flatMap { $0.span.bytes.integer(at: 0, as: UInt32.self, order: .host) }
    }

    func text(_ type: UInt16) -> String? {
        values[type].map { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    func nested(_ type: UInt16) -> NetlinkAttributes? {
        values[type].map { NetlinkAttributes($0, from: 0) }
    }
}
