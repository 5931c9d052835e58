// SPDX-License-Identifier: Apache-2.0

import Presentation
import Schema
import Testing

@Suite("Times")
struct TimeTests {
    private static func stamp(_ received: Int64) throws -> Substring {
        let text = try Output.rows(Types().openEvent(), options(.json), [Record.open(fname: "")], received: received)
        return text.dropFirst("{\"timestamp\":\"".count).prefix { $0 != "\"" }
    }

    @Test(
        "dates follow the calendar",
        arguments: [
            (0, "1970-01-01T00:00:00.000000000Z"), (951_782_400, "2000-02-29T00:00:00.000000000Z"),
            (951_868_800, "2000-03-01T00:00:00.000000000Z"), (1_709_164_800, "2024-02-29T00:00:00.000000000Z"),
            (4_107_542_400, "2100-03-01T00:00:00.000000000Z"), (1_767_225_599, "2025-12-31T23:59:59.000000000Z"),
            (-1, "1969-12-31T23:59:59.000000000Z"), (9_223_372_036, "2262-04-11T23:47:16.000000000Z"),
            (-9_223_372_036, "1677-09-21T00:12:44.000000000Z"),
        ])
    func dates(seconds: Int64, text: String) throws {
        #expect(try Self.stamp(seconds * 1_000_000_000) == Substring(text))
    }

    @Test("the extremes of 64 bits do not trap")
    func extremes() throws {
        _ = try Self.stamp(Int64.max)
        _ = try Self.stamp(Int64.min)
        for monotonic in [UInt64.max, UInt64(Int64.max), 1] {
            var options = options(.table)
            options.clock = WallClock(monotonicOffset: Int64.max, utcOffset: -43_200)
            _ = try Output.rows(
                Types().openEvent(), options, [Record.open(fname: "", ts: monotonic)], received: Int64.max)
        }
    }

    @Test("a row's own time counts unless it cannot be")
    func ownTime() throws {
        var options = options(.json)
        options.clock.monotonicOffset = 1_000_000_000_000
        let hour: Int64 = 3_600_000_000_000
        for (own, received, second) in [
            (UInt64(5_000_000_000), 1_006_000_000_000, 1005), (0, 1_006_000_000_000, 1006),
            (5_000_000_000, 1_006_000_000_000 + hour, 4606),
        ] {
            let text = try Output.rows(
                Types().openEvent(), options, [Record.open(fname: "", ts: own)], received: Int64(received))
            let minutes = "\(second / 3600 % 24)".count == 1 ? "0\(second / 3600)" : "\(second / 3600)"
            #expect(text.contains("T\(minutes):"))
            #expect(text.contains(":\(second % 60 < 10 ? "0" : "")\(second % 60).000000000Z"))
        }
    }
}
