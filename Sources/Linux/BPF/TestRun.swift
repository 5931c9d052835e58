// SPDX-License-Identifier: Apache-2.0

import CLinux

/// What `BPF_PROG_TEST_RUN` needs.
public struct TestRun: Sendable, Hashable {
    /// The program's descriptor.
    public var program: Int32
    /// The packet, for network programs.
    public var data: [UInt8] = []
    /// Room for the packet afterwards; 0 when it is not wanted.
    public var outputCapacity = 0
    /// The context struct, for kinds that take one.
    public var context: [UInt8] = []
    /// Room for the context afterwards.
    public var contextOutputCapacity = 0
    /// How often to run; 0 is once. Kinds that cannot repeat demand 0.
    public var repetitions: UInt32 = 0
    /// `BPF_F_TEST_RUN_ON_CPU` (1), `BPF_F_TEST_XDP_LIVE_FRAMES` (2).
    public var flags: UInt32 = 0
    /// The CPU to run on, with the flag for it.
    public var cpu: UInt32 = 0
    /// Live frames at a time.
    public var batchSize: UInt32 = 0

    /// Makes a description.
    public init(program: Int32, data: [UInt8] = [], outputCapacity: Int = 0) {
        self.program = program
        self.data = data
        self.outputCapacity = outputCapacity
    }
}

/// What a test run answered.
public struct TestRunResult: Sendable, Hashable {
    /// What the program returned.
    public let returnValue: UInt32
    /// The mean duration of a run in nanoseconds.
    public let nanoseconds: UInt32
    /// The packet afterwards.
    public let data: [UInt8]
    /// The context afterwards.
    public let context: [UInt8]
    /// The context that was given, which programs of the kind `syscall` change in place.
    public let inputContext: [UInt8]
}

extension BPFSystemCall {
    /// Runs a program once or often on data that the caller gives (`BPF_PROG_TEST_RUN`, Linux 4.12; kinds came one
    /// by one).
    ///
    /// - Throws: `ENOTSUPP` or `EINVAL` for a kind that cannot, `ENOSPC` when the packet afterwards did not fit,
    ///   `EINTR` when a signal ended the runs: the program may have run, so the call is not repeated.
    public static func testRun(_ run: TestRun) throws(LinuxError) -> TestRunResult {
        var output = [UInt8](repeating: 0, count: max(0, run.outputCapacity))
        var contextOutput = [UInt8](repeating: 0, count: max(0, run.contextOutputCapacity))
        // Programs of the kind `syscall` answer in the caller's memory.
        var inputContext = run.context
        var attributes = skep_program_test()
        attributes.prog_fd = UInt32(bitPattern: run.program)
        attributes.repeat = run.repetitions
        attributes.flags = run.flags
        attributes.cpu = run.cpu
        attributes.batch_size = run.batchSize
        let answer = run.data.withUnsafeBytes { data in
            inputContext.withUnsafeMutableBytes { context in
                output.withUnsafeMutableBytes { output in
                    contextOutput.withUnsafeMutableBytes { contextOutput in
                        (attributes.data_in, attributes.data_size_in) = pointer(data)
                        (attributes.ctx_in, attributes.ctx_size_in) = pointer(UnsafeRawBufferPointer(context))
                        (attributes.data_out, attributes.data_size_out) = pointer(UnsafeRawBufferPointer(output))
                        (attributes.ctx_out, attributes.ctx_size_out) = pointer(UnsafeRawBufferPointer(contextOutput))
                        return call(.testRun, &attributes)
                    }
                }
            }
        }
        try check(answer, .testRun)
        return TestRunResult(
            returnValue: attributes.retval, nanoseconds: attributes.duration,
            data: [UInt8](output.prefix(Int(attributes.data_size_out))),
            context: [UInt8](contextOutput.prefix(Int(attributes.ctx_size_out))), inputContext: inputContext)
    }

    private static func pointer(_ buffer: UnsafeRawBufferPointer) -> (UInt64, UInt32) {
        buffer.isEmpty ? (0, 0) : (address(buffer.baseAddress), UInt32(clamping: buffer.count))
    }
}
