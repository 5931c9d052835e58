// SPDX-License-Identifier: Apache-2.0

/// What a program is run on, for a test.
///
/// ```swift
/// var options = TestRunOptions(data: frame)
/// options.repetitions = 1000
/// let outcome = try program.testRun(options)
/// ```
public struct TestRunOptions: Sendable, Hashable {
    /// The packet, from its Ethernet header on, for programs of networks (netfilter: from the IP header on).
    public var data: [UInt8]
    /// The context: `struct __sk_buff`, `struct xdp_md`, `struct bpf_sk_lookup`, or arguments of 8 bytes each; empty
    /// for the kernel's own.
    public var context: [UInt8]
    /// How often to run; the duration is the mean. Kinds that run once only take 1.
    public var repetitions: UInt32 = 1
    /// The CPU to run on, for raw tracepoints; `nil` for any.
    public var cpu: UInt32?
    /// Whether XDP verdicts are carried out: frames are really passed on, sent back or redirected (Linux 5.18).
    ///
    /// They come out of the loopback interface of the calling thread's network namespace.
    public var isLive = false
    /// Live frames that are handled at a time; 0 for the kernel's own choice of 64.
    public var batchSize: UInt32 = 0

    /// Makes options.
    public init(data: [UInt8] = [], context: [UInt8] = []) {
        self.data = data
        self.context = context
    }
}

/// What a test run answered.
public struct TestRunOutcome: Sendable, Hashable {
    /// What the program returned.
    public let returnValue: UInt32
    /// What the return value means for this kind of program, such as `XDP_PASS`; `nil` where it is a number only.
    public let verdict: String?
    /// The mean duration of a run in nanoseconds; 0 for kinds that the kernel does not measure.
    public let nanoseconds: UInt32
    /// The packet afterwards; the flow's keys for `flow_dissector`.
    public let data: [UInt8]
    /// The context afterwards, for kinds that give it back.
    public let context: [UInt8]
}
