// SPDX-License-Identifier: Apache-2.0

public import BPF
public import Presentation

/// What a person asks of `skep run`, apart from the service itself.
public struct RunOptions: Sendable {
    /// How rows are written.
    public var format: StreamFormat = .table
    /// The columns to show, by name, or `nil` for all.
    public var columns: [String]?
    /// A condition on rows, such as `comm==bash && ret<0`.
    public var filter: String?
    /// The column that map tables are sorted by.
    public var sort: String?
    /// The number of rows of map tables.
    public var top: Int?
    /// The number of rows after which the run ends.
    public var count: Int?
    /// The time after which the run ends, in nanoseconds.
    public var duration: UInt64?
    /// The time between two prints of maps and state, in nanoseconds; without it they are printed at the end.
    public var interval: UInt64?
    /// The process to observe, as the caller sees its number.
    public var process: Int32?
    /// The maps to show.
    public var maps: [String] = []
    /// Whether `.data` and `.bss` variables are shown.
    public var showsState = false
    /// Values for `.data` and `.bss` variables, such as `("threshold", "5")`.
    public var state: [(name: String, value: String)] = []
    /// Row types of buffers that the object does not tell, by the map's name.
    public var eventTypes: [String: String] = [:]
    /// What sections leave open: where programs are attached, and how.
    public var attach = AttachOptions()
    /// The same for what is named by a word and looked up when the service is loaded.
    public var targets = LiveTargets()
    /// The programs to load, or empty for those that the object loads by default.
    public var programs: [String] = []
    /// The network device that XDP programs are loaded for.
    public var boundDevice: BoundDevice?
    /// The folder of a bpffs for maps that are pinned by name, or `nil` for `/sys/fs/bpf`.
    public var pinFolder: String?
    /// The folder of a bpffs whose delegated rights are used (a BPF token).
    public var token: String?
    /// Whether iterators run when the others end, even if there is nothing else to wait for.
    public var iteratesAtEnd = false
    /// A file with the kernel's types, instead of the running kernel's.
    public var kernelTypes: String?
    /// Values of the kernel's configuration.
    public var kernelConfiguration: [String: String] = [:]
    /// Only errors and rows are written.
    public var isQuiet = false
    /// Every choice is told.
    public var isVerbose = false
    /// Conditions on rows that are counted for ``RunPhase/ended(rows:lost:matches:)``; rows that do not meet them are shown too.
    public var conditions: [String] = []
    /// Is told how far the run has come.
    public var observer: (@Sendable (RunPhase) -> Void)?

    /// Makes the default options.
    public init() {}
}
