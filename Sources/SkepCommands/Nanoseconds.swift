// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// A time on the command line: a number with a unit, seconds without one.
struct Nanoseconds: ExpressibleByArgument {
    let value: UInt64

    init(value: UInt64) {
        self.value = value
    }

    /// In the largest unit that divides it, for help.
    var defaultValueDescription: String {
        value % 1_000_000_000 == 0 ? "\(value / 1_000_000_000)s" : "\(value / 1_000_000)ms"
    }

    init?(argument: String) {
        let units: [(String, Double)] = [("ns", 1), ("us", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 6e10), ("h", 3.6e12)]
        let (text, factor) =
            units.first { argument.hasSuffix($0.0) }.map { (String(argument.dropLast($0.0.count)), $0.1) }
            ?? (argument, 1e9)
        guard let number = Double(text), number > 0, number * factor < 9e18 else { return nil }
        value = UInt64(number * factor)
    }
}
