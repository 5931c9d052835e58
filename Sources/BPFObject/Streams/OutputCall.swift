// SPDX-License-Identifier: Apache-2.0

/// A place in a function that sends a record to user space.
public struct OutputCall: Sendable, Hashable {
    /// The function.
    public var function: String
    /// The index of the call in the function.
    public var instruction: Int
    /// The ring or perf buffer that gets the record, if the code names it.
    public var map: String?
    /// How the record is made.
    public var form: Form
    /// The record's size in bytes, if the code says it.
    public var size: Int?

    /// How a record is made.
    public enum Form: Sendable, Hashable {
        /// `bpf_ringbuf_reserve`: the program fills memory that the call answers.
        case reserve
        /// `bpf_ringbuf_output`, `bpf_perf_event_output` and the like: the record is copied from somewhere.
        case copy(from: Origin)
    }

    /// Where a copied record lies.
    public enum Origin: Sendable, Hashable {
        /// On the stack, at an offset from the frame's end, in bytes (negative).
        case stack(Int)
        /// In the value of a map, at an offset in bytes; data sections are maps too.
        case mapValue(String, offset: Int)
        /// In memory that was reserved at another instruction of the function.
        case reserved(instruction: Int)
        /// Where an argument of the function points, counted from 0.
        case argument(Int)
        /// The code does not say.
        case unknown
    }
}
