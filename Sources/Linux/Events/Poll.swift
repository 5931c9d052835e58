// SPDX-License-Identifier: Apache-2.0

import CLinux

/// Waits for one descriptor (ppoll(2)), where ``Epoll`` would be too much.
public enum Poll {
    /// Waits until a descriptor is ready or the time is up.
    ///
    /// - Parameters:
    ///   - descriptor: what to wait for.
    ///   - readiness: ready for what.
    ///   - milliseconds: how long to wait; negative is for ever, 0 not at all.
    /// - Returns: whether it is ready; also `false` when a signal came, so that a loop can look around.
    public static func wait(
        for descriptor: Int32, _ readiness: Epoll.Readiness = .input, milliseconds: Int32
    ) throws(LinuxError) -> Bool {
        var item = skep_poll(
            descriptor: descriptor, events: Int16(truncatingIfNeeded: readiness.rawValue), results: 0)
        let answer = skep_poll_descriptors(&item, 1, milliseconds)
        if answer == -Int(Errno.interrupted.rawValue) { return false }
        return try checked(answer, "ppoll") > 0
    }

    /// Waits until a descriptor can be written to, or one of others has something to read.
    ///
    /// - Returns: whether it can be written to; the others count only while it cannot.
    public static func waitToWrite(_ descriptor: Int32, unless others: [Int32]) throws(LinuxError) -> Bool {
        var items = [skep_poll(descriptor: descriptor, events: 4, results: 0)]
        items += others.map { skep_poll(descriptor: $0, events: 1, results: 0) }
        let answer = retryingInterrupts { skep_poll_descriptors(&items, UInt32(items.count), -1) }
        _ = try checked(answer, "ppoll")
        return items[0].results != 0
    }
}
