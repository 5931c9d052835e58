// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// A system call or a file of the kernel that answered with an error.
///
/// ```swift
/// do {
///     let bytes = try Files.read("/proc/kallsyms")
/// } catch where error.errno == .permissionDenied {
///     // ask for root
/// }
/// ```
public struct LinuxError: DiagnosticError {
    /// The error number.
    public let errno: Errno
    /// The call that failed, with the command where it has one: `bpf(BPF_MAP_CREATE)`, `openat`.
    public let call: String
    /// Facts about the arguments, such as the path.
    public let context: [DiagnosticContext]
    /// What the reader can do, where it is known.
    public let hint: String?
    private let explanation: String?

    /// Makes an error.
    ///
    /// - Parameters:
    ///   - errno: the error number.
    ///   - call: the call that failed.
    ///   - explanation: replaces the general meaning of the number where more is known.
    ///   - context: facts about the arguments.
    ///   - hint: what the reader can do.
    public init(
        _ errno: Errno, call: String, explanation: String? = nil, context: [DiagnosticContext] = [],
        hint: String? = nil
    ) {
        self.errno = errno
        self.call = call
        self.explanation = explanation
        self.context = context
        self.hint = hint
    }

    /// Makes an error of a call on a path.
    public init(_ errno: Errno, call: String, path: String, explanation: String? = nil) {
        self.init(errno, call: call, explanation: explanation, context: [DiagnosticContext("path", path)])
    }

    /// The call, the number's name and its meaning.
    public var message: String {
        "\(call) failed with \(errno.name): \(explanation ?? errno.meaning)"
    }

    /// `EPERM` and `EACCES` are a lack of permission; `ENOSYS`, `EOPNOTSUPP` and `ENOTSUPP` a lack in the kernel.
    public var failure: FailureKind {
        switch errno {
        case .notPermitted, .permissionDenied: .notPermitted
        case .noSuchSystemCall, .notSupported, .kernelNotSupported: .notSupported
        default: .failed
        }
    }

    /// The same error with one more fact and, where none was known, a hint.
    public func adding(_ fact: DiagnosticContext? = nil, hint: String? = nil) -> LinuxError {
        LinuxError(
            errno, call: call, explanation: explanation, context: context + (fact.map { [$0] } ?? []),
            hint: self.hint ?? hint)
    }
}

/// Turns the answer of a `skep_` function (a negative error number, or a result) into a result or an error.
@inline(__always)
func checked(_ result: Int, _ call: @autoclosure () -> String) throws(LinuxError) -> Int {
    if result < 0 { throw LinuxError(Errno(answer: result), call: call()) }
    return result
}

/// The same for a call on a path.
@inline(__always)
func checked(_ result: Int, _ call: @autoclosure () -> String, path: String) throws(LinuxError) -> Int {
    if result < 0 { throw LinuxError(Errno(answer: result), call: call(), path: path) }
    return result
}

/// Repeats a call that a signal interrupted before it did anything.
@inline(__always)
func retryingInterrupts(_ call: () -> Int) -> Int {
    while true {
        let result = call()
        if result != -Int(Errno.interrupted.rawValue) { return result }
    }
}

extension Errno {
    /// The number in the negative answer of a `skep_` function.
    init(answer: Int) {
        self.init(rawValue: Int32(truncatingIfNeeded: 0 &- answer))
    }
}
