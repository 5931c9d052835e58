// SPDX-License-Identifier: Apache-2.0

/// Counts of values by size.
public struct Histogram: Sendable, Hashable {
    /// What the slots stand for.
    public enum Scale: Sendable, Hashable {
        /// Slot 0 holds 0 and 1, and slot n holds 2ⁿ to 2ⁿ⁺¹ - 1: what `log2l` of tracing tools makes.
        case logarithmic
        /// Each slot holds `step` values, the first from `start` on.
        case linear(start: Int64, step: Int64)
    }

    /// One slot: values from `low` to `high`, both included.
    public struct Bucket: Sendable, Hashable {
        /// The smallest value.
        public let low: Int64
        /// The greatest value.
        public let high: Int64
        /// How many values there were.
        public let count: UInt64
    }

    /// What is counted, such as `usecs`.
    public var unit: String
    /// What the slots stand for.
    public var scale: Scale
    /// The slots.
    public var counts: [UInt64]

    /// Makes a histogram.
    public init(counts: [UInt64], unit: String = "value", scale: Scale = .logarithmic) {
        self.counts = counts
        self.unit = unit
        self.scale = scale
    }

    /// The slots with their bounds, up to the last that is not empty.
    public var buckets: [Bucket] {
        guard let last = counts.lastIndex(where: { $0 > 0 }) else { return [] }
        return counts[...last].enumerated().map { slot, count in
            switch scale {
            case .logarithmic:
                let low = slot == 0 ? 0 : slot < 63 ? Int64(1) << Int64(slot) : Int64.max
                let high = slot < 62 ? (Int64(1) << Int64(slot + 1)) - 1 : Int64.max
                return Bucket(low: low, high: high, count: count)
            case .linear(let start, let step):
                let low = start &+ Int64(slot) &* step
                return Bucket(low: low, high: low &+ max(step, 1) &- 1, count: count)
            }
        }
    }
}
