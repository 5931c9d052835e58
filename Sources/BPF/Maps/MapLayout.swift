// SPDX-License-Identifier: Apache-2.0

import BPFObject
import BTF
import Diagnostics

/// How Swift values lie in a map's bytes, and whether a Swift type is the one that the map has.
enum MapLayout {
    static func bytes<T: BitwiseCopyable>(of value: T) -> [UInt8] {
        var bytes = withUnsafeBytes(of: value) { [UInt8]($0) }
        // C rounds a struct's size up to its alignment; Swift's size does not.
        bytes += [UInt8](repeating: 0, count: MemoryLayout<T>.stride - bytes.count)
        return bytes
    }

    static func load<T: BitwiseCopyable>(_ type: T.Type, from bytes: [UInt8]) -> T? {
        guard bytes.count >= MemoryLayout<T>.size else { return nil }
        return bytes.withUnsafeBytes { $0.loadUnaligned(as: T.self) }
    }

    static func require(_ map: UntypedMap, _ kinds: [MapKind], _ what: String) throws(BPFError) {
        guard !kinds.contains(map.kind) else { return }
        throw BPFError(
            .typeMismatch, "the map \(map.name) is a \(map.kind), no \(what)", context: [.init("map", map.name)])
    }

    static func check<T: BitwiseCopyable>(_ swift: T.Type, ofValuesOf map: UntypedMap) throws(BPFError) {
        try check(T.self, size: map.valueSize, type: map.valueType, types: map.types, what: "value", map: map.name)
    }

    static func check<T: BitwiseCopyable>(
        _ swift: T.Type, size: Int, type: BTFTypeID, types: BTFTable?, what: String, map: String
    ) throws(BPFError) {
        guard MemoryLayout<T>.stride == size else {
            throw BPFError(
                .typeMismatch,
                "a \(what) of map \(map) has \(size) bytes, but \(T.self) has \(MemoryLayout<T>.stride)",
                context: [.init("map", map)])
        }
        guard let integer = T.self as? any FixedWidthInteger.Type, type != .void, let types,
            let resolved = try? types.resolve(type), case .integer(let description)? = try? types.type(resolved)
        else { return }
        guard description.encoding.contains(.signed) == integer.isSigned || description.encoding.contains(.boolean)
        else {
            throw BPFError(
                .typeMismatch, "a \(what) of map \(map) is \(description.name), but \(T.self) was asked for",
                context: [.init("map", map)])
        }
    }
}
