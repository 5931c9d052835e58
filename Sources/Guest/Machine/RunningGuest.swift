// SPDX-License-Identifier: Apache-2.0

import Linux

/// A guest that was started; it is killed when its owner goes away.
public final class RunningGuest {
    private var child: ChildProcess?
    /// QEMU opens it while it starts.
    private let archive: MemoryFile
    private let output: FileDescriptor
    private var console = ConsoleReader()
    private let end: UInt64
    private var wasStopped = false

    init(
        _ command: ChildProcess.Command, archive: consuming MemoryFile, timeLimit: Int32
    ) throws(LinuxError) {
        let pipe = try Pipe()
        let input = try FileDescriptor.open("/dev/null")
        child = try ChildProcess.start(
            command, input: input.rawValue, output: pipe.write.rawValue, errors: pipe.write.rawValue)
        // Only the child may hold its end, or reading would never come to an end.
        output = pipe.keepingRead()
        self.archive = archive
        end = Clock.monotonic() + UInt64(max(0, timeLimit)) * 1_000_000
    }

    /// Waits for output for a while and reads it.
    ///
    /// - Parameter onLine: gets each line of the console when it is complete.
    /// - Returns: what the guest printed, once it is off; nil before.
    public func read(milliseconds: Int32, onLine: (String) -> Void) throws(GuestError) -> GuestMachine.Run? {
        do throws(LinuxError) {
            let isGood = try console.read(output.rawValue, milliseconds: milliseconds, onLine: onLine)
            guard isGood, Clock.monotonic() < end else {
                child?.signal(9)
                wasStopped = true
                return finished()
            }
        } catch {
            throw GuestError(.system, "the guest's console cannot be read", cause: error)
        }
        return console.isAtEnd ? finished() : nil
    }

    private func finished() -> GuestMachine.Run {
        if let child = child.take() { _ = child.wait() }
        return GuestMachine.Run(lines: console.lines, wasStopped: wasStopped)
    }
}
