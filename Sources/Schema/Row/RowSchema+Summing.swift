// SPDX-License-Identifier: Apache-2.0

import Bytes

extension RowSchema {
    /// The bytes from one CPU's value to the next in what a per-CPU map answers: the size rounded up to 8.
    public var perCPUStride: Int { (size + 7) & ~7 }

    /// Joins the values of all CPUs into one: numbers that count or last are added, wrapping at their width; of all
    /// else the first that is not zero is taken.
    ///
    /// - Parameters:
    ///   - values: the values one after the other, ``perCPUStride`` bytes apart; a cut-off last one is left out.
    public func summed(perCPU values: RawSpan) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: size)
        let stride = max(8, perCPUStride)
        for start in Swift.stride(from: 0, to: values.byteCount, by: stride) where start <= values.byteCount - size {
            for column in columns {
                Self.add(
                    column.layout, column.meaning, of: values, at: start &+ column.offset, to: &result,
                    at: column.offset)
            }
        }
        return result
    }

    private static func add(
        _ layout: Layout, _ meaning: Meaning, of values: RawSpan, at source: Int, to result: inout [UInt8],
        at target: Int
    ) {
        switch (layout, meaning) {
        case (.integer(let integer), .plain), (.integer(let integer), .duration), (.integer(let integer), .histogram):
            guard let more = integer.wide(in: values, at: source),
                let sum = integer.wide(in: result.span.bytes, at: target)
            else { return }
            _ = integer.store(sum &+ more, into: &result, at: target)
        case (.array(let element, let stride, let count?), _):
            for index in 0..<min(count, result.count / max(stride, 1)) {
                add(
                    element, meaning, of: values, at: source &+ index * stride, to: &result,
                    at: target &+ index * stride)
            }
        default:
            guard let size = layout.size, size > 0, target >= 0, target <= result.count - size,
                result[target..<target + size].allSatisfy({ $0 == 0 }),
                let bytes = values.bytes(at: source, count: size)
            else { return }
            result.replaceSubrange(target..<target + size, with: bytes)
        }
    }
}
