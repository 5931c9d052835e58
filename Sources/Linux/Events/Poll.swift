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
}
