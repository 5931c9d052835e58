// SPDX-License-Identifier: Apache-2.0

import Diagnostics
public import Linux

/// One fact about the library and a running kernel that must hold on every kernel from a version on.
///
/// A check is a plain function, so the same list runs in a test on this machine and, in one static program, in a guest of
/// every kernel of the matrix. It needs root, uses only what it makes itself, and leaves nothing behind.
///
/// ```swift
/// KernelCheck("a hash map gives back what was put in") {
///     …
///     try expect(value == 42, "the map answers \(value)")
///     return .passed
/// }
/// ```
public struct KernelCheck: Sendable {
    /// What holds, as a sentence; unique in ``all``, on one line.
    public let name: String
    /// The first kernel on which it must hold; older ones skip it.
    public let minimumKernel: KernelVersion
    /// Whether it runs only in guests: it denies, signals, reschedules or changes the whole machine.
    public let guestOnly: Bool
    private let body: @Sendable () throws -> CheckOutcome

    /// Makes a check.
    ///
    /// - Parameters:
    ///   - name: what holds, as a sentence.
    ///   - minimumKernel: the first kernel on which it must hold; Linux 5.10 unless told.
    ///   - guestOnly: whether it may touch more of the machine than what it makes itself.
    ///   - body: the check; an error that it throws is a failure.
    public init(
        _ name: String, minimumKernel: KernelVersion = "5.10", guestOnly: Bool = false,
        body: @escaping @Sendable () throws -> CheckOutcome
    ) {
        self.name = name
        self.minimumKernel = minimumKernel
        self.guestOnly = guestOnly
        self.body = body
    }

    /// Runs the check on this machine, when its kernel is new enough.
    public func run(on kernel: KernelVersion) -> CheckOutcome {
        guard kernel >= minimumKernel else { return .skipped("needs Linux \(minimumKernel), this is \(kernel)") }
        do {
            return try body()
        } catch {
            return .failed((error as? any DiagnosticError)?.report ?? "\(error)")
        }
    }
}

/// How a check ended.
public enum CheckOutcome: Sendable, Hashable {
    /// It holds.
    case passed
    /// It does not hold, and why.
    case failed(String)
    /// It could not be tried, and why.
    case skipped(String)
}
