// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Linux

/// Maps without keys: queues, stacks and bloom filters.
extension UntypedMap {
    /// Adds a value to a queue's end, a stack's top or a bloom filter.
    ///
    /// - Parameters:
    ///   - value: ``valueSize`` bytes.
    ///   - replacing: whether a queue or stack that is full drops its oldest value (`BPF_EXIST`).
    /// - Returns: `false` when it is full.
    /// - Throws: ``BPFError`` when the map has keys.
    /// - Note: queue and stack Linux 4.20, bloom filter 5.16.
    @discardableResult
    public func push(_ value: [UInt8], replacing: Bool = false) throws(BPFError) -> Bool {
        try require([.queue, .stack, .bloomFilter], "no values can be pushed to it")
        guard value.count == valueSize else {
            throw BPFError(
                .invalidArgument, "a value of map \(name) has \(valueSize) bytes, but \(value.count) were given")
        }
        do throws(LinuxError) {
            try value.withUnsafeBytesTyped { value throws(LinuxError) in
                try BPFSystemCall.update(map: rawDescriptor, key: nil, value: value, flags: replacing ? 2 : 0)
            }
            return true
        } catch {
            if error.errno == .tooBig { return false }
            throw BPFError.map(self, error, "push a value", since: "4.20")
        }
    }

    /// Takes out a queue's first value, or a stack's top.
    ///
    /// - Returns: `nil` when it is empty.
    public func pop() throws(BPFError) -> [UInt8]? {
        try require([.queue, .stack], "no values can be popped from it")
        return try takeValue(for: [])
    }

    /// Looks at a queue's first value, or a stack's top, and leaves it there.
    ///
    /// - Returns: `nil` when it is empty.
    public func peek() throws(BPFError) -> [UInt8]? {
        try require([.queue, .stack], "it shows no values")
        return try value(for: [])
    }

    /// Asks a bloom filter for a value.
    ///
    /// - Returns: `false` when the value was never pushed; `true` when it was, or, seldom, by chance.
    /// - Note: Linux 5.16.
    public func mayContain(_ value: [UInt8]) throws(BPFError) -> Bool {
        try require([.bloomFilter], "it is no bloom filter")
        guard value.count == valueSize else {
            throw BPFError(
                .invalidArgument, "a value of map \(name) has \(valueSize) bytes, but \(value.count) were given")
        }
        var value = value
        return try perform("ask for a value") { () throws(LinuxError) -> Bool in
            try value.withUnsafeMutableBytesTyped { value throws(LinuxError) in
                try BPFSystemCall.lookup(map: rawDescriptor, key: nil, value: value)
            }
        }
    }

    private func require(_ kinds: [MapKind], _ reason: String) throws(BPFError) {
        guard !kinds.contains(kind) else { return }
        throw BPFError(
            .invalidArgument, "the map \(name) is a \(kind): \(reason)", context: [.init("map", name)])
    }
}
