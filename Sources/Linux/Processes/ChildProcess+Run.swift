// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc

extension ChildProcess {
    /// What a process that ran to its end left.
    public struct Output: Sendable, Hashable {
        /// How it ended.
        public let ending: Ending
        /// What it wrote to standard output.
        public let output: [UInt8]
        /// What it wrote to standard error.
        public let errors: [UInt8]
        /// Whether it was killed because its time was up or it wrote too much.
        public let wasStopped: Bool

        /// Whether it ended by itself with status 0.
        public var isSuccess: Bool { ending == .exited(0) }
    }

    /// Runs a process to its end.
    ///
    /// - Parameters:
    ///   - command: what to run.
    ///   - input: what it reads from standard input.
    ///   - timeLimit: milliseconds until it is killed; `nil` for none.
    ///   - outputLimit: the most bytes of each stream; a process that writes more is killed.
    public static func run(
        _ command: Command, input: [UInt8] = [], timeLimit: Int32? = nil, outputLimit: Int = 64 << 20
    ) throws(LinuxError) -> Output {
        let inputPipe = try Pipe()
        let outputPipe = try Pipe()
        let errorPipe = try Pipe()
        let child = try start(
            command, input: inputPipe.read.rawValue, output: outputPipe.write.rawValue,
            errors: errorPipe.write.rawValue)
        // Only the child may hold its ends, or reading would never come to an end.
        let exchange = Exchange(
            input: inputPipe.keepingWrite().release(), output: outputPipe.keepingRead().release(),
            errors: errorPipe.keepingRead().release(), outputLimit: outputLimit)
        let isComplete = exchange.run(sending: input, deadline: timeLimit.map { deadline($0) })
        if !isComplete { child.signal(SIGKILL) }
        exchange.close()
        var ending = Ending.exited(255)
        var timedOut = false
        if let timeLimit, isComplete {
            // The streams are closed, but the process may live on.
            (ending, timedOut) = child.wait(milliseconds: max(timeLimit, 1))
        } else {
            ending = child.wait()
        }
        return Output(
            ending: ending, output: exchange.outputBytes, errors: exchange.errorBytes,
            wasStopped: !isComplete || timedOut)
    }

    /// Runs a program with arguments; see ``run(_:input:timeLimit:outputLimit:)``.
    public static func run(
        _ program: String, _ arguments: [String], timeLimit: Int32? = nil
    ) throws(LinuxError) -> Output {
        try run(Command(program, arguments), timeLimit: timeLimit)
    }

    private static func deadline(_ milliseconds: Int32) -> UInt64 {
        Clock.monotonic() + UInt64(max(0, milliseconds)) * 1_000_000
    }
}

/// Feeds a child's input and drains its outputs at the same time, so that neither waits for the other.
private final class Exchange {
    private var descriptors: [Int32]
    private let outputLimit: Int
    private(set) var outputBytes: [UInt8] = []
    private(set) var errorBytes: [UInt8] = []

    init(input: Int32, output: Int32, errors: Int32, outputLimit: Int) {
        descriptors = [input, output, errors]
        self.outputLimit = outputLimit
    }

    /// Answers `false` when the time was up or a stream was too long.
    func run(sending input: [UInt8], deadline: UInt64?) -> Bool {
        var sent = 0
        if input.isEmpty { end(0) }
        _ = skep_fcntl(descriptors[0], F_SETFL, Int(O_NONBLOCK))
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { buffer.deallocate() }
        while descriptors[1] >= 0 || descriptors[2] >= 0 {
            var items = descriptors.enumerated().map { index, descriptor in
                skep_poll(descriptor: descriptor, events: index == 0 ? 4 : 1, results: 0)
            }
            let now = Clock.monotonic()
            if let deadline, now >= deadline { return false }
            let left = deadline.map { Int32(clamping: ($0 - now) / 1_000_000 + 1) } ?? -1
            let answer = skep_poll_descriptors(&items, 3, left)
            if answer < 0, answer != -Int(Errno.interrupted.rawValue) { return false }
            if answer <= 0 { continue }
            if items[0].results != 0 { sent = send(input, from: sent) }
            for index in 1...2 where items[index].results != 0 {
                let count = retryingInterrupts { skep_read(descriptors[index], buffer.baseAddress, UInt(buffer.count)) }
                if count <= 0 {
                    end(index)
                } else if index == 1 {
                    outputBytes.append(contentsOf: buffer[0..<count])
                } else {
                    errorBytes.append(contentsOf: buffer[0..<count])
                }
            }
            if outputBytes.count > outputLimit || errorBytes.count > outputLimit { return false }
        }
        return true
    }

    private func send(_ input: [UInt8], from sent: Int) -> Int {
        let count = input.withUnsafeBytes { bytes in
            skep_write_without_signal(descriptors[0], bytes.baseAddress.map { $0 + sent }, UInt(bytes.count - sent))
        }
        if count == -Int(Errno.wouldBlock.rawValue) || count == -Int(Errno.interrupted.rawValue) { return sent }
        if count <= 0 || sent + count == input.count { end(0) }
        return sent + max(0, count)
    }

    private func end(_ index: Int) {
        if descriptors[index] >= 0 { _ = skep_close(descriptors[index]) }
        descriptors[index] = -1
    }

    func close() {
        for index in 0...2 { end(index) }
    }
}
