// SPDX-License-Identifier: Apache-2.0

public import Diagnostics
import Linux

/// An error thrown while objects are loaded, attached, read or probed.
///
/// ```swift
/// do { _ = try LoadedObject(spec) } catch let error where error.code == .rejected { print(error.report) }
/// ```
public struct BPFError: DiagnosticError {
    /// What went wrong.
    public enum Code: Sendable, Hashable {
        /// The verifier rejects the program; ``BPFError/detail`` is its report.
        case rejected
        /// The machine or its policy refuses: a missing capability, lockdown, a hook that this kernel does not permit.
        case refused
        /// The user may not see something that is needed.
        case notPermitted
        /// This kernel does not have something.
        case notSupported
        /// A system call failed.
        case system
        /// What the caller asked for does not exist.
        case notFound
        /// The caller's values do not fit.
        case invalidArgument
        /// Swift's types and the object's types differ.
        case typeMismatch
        /// Bytes contradict their format.
        case malformed
    }

    /// What went wrong.
    public var code: Code
    /// One sentence that says what happened.
    public var message: String
    /// Where it happened: object, program, map, section.
    public var context: [DiagnosticContext]
    /// What to do about it, where known.
    public var hint: String?
    /// Several lines that belong to the error, such as the verifier's report.
    public var detail: String?
    /// The error that caused this one.
    public var cause: (any Error)?

    /// Makes an error.
    public init(
        _ code: Code, _ message: String, context: [DiagnosticContext] = [], hint: String? = nil,
        detail: String? = nil, cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.context = context
        self.hint = hint
        self.detail = detail
        self.cause = cause
    }

    /// The exit code's kind.
    public var failure: FailureKind {
        switch code {
        case .refused, .notPermitted: .notPermitted
        case .notSupported: .notSupported
        case .invalidArgument: .usage
        case .system, .notFound, .malformed: (cause as? any DiagnosticError)?.failure ?? .failed
        case .rejected, .typeMismatch: .failed
        }
    }

    /// Tells a failed system call, and a refusal apart from other failures.
    static func system(_ error: LinuxError, _ message: String, context: [DiagnosticContext] = []) -> BPFError {
        switch error.errno {
        case .notPermitted, .permissionDenied: refusal(error, message, context)
        case .noSuchSystemCall, .notSupported, .kernelNotSupported:
            BPFError(
                .notSupported, message, context: context, hint: "`skep features` lists what this kernel can do",
                cause: error)
        default: BPFError(.system, message, context: context, cause: error)
        }
    }

    /// Tells why the machine refuses, as far as that can be seen.
    static func refusal(_ error: LinuxError, _ message: String, _ context: [DiagnosticContext]) -> BPFError {
        BPFError(.refused, message, context: context, hint: Refusal.explain(), cause: error)
    }

    /// Tells a failed command on a map; a kernel that does not have the command for the kind says so.
    ///
    /// - Parameter version: the first kernel that has it.
    static func map(
        _ map: UntypedMap, _ error: LinuxError, _ action: String, since version: KernelVersion
    ) -> BPFError {
        let context = [DiagnosticContext("map", map.name), DiagnosticContext("kind", map.kind.description)]
        switch error.errno {
        case .invalidArgument, .notSupported, .kernelNotSupported, .noSuchSystemCall:
            let isOld = KernelVersion.current < version
            return BPFError(
                .notSupported,
                isOld
                    ? "to \(action) of a \(map.kind) map needs Linux \(version), this is \(KernelVersion.current)"
                    : "this kernel cannot \(action) of the \(map.kind) map \(map.name)",
                context: context, cause: error)
        default: return system(error, "cannot \(action) of map \(map.name)", context: context)
        }
    }
}
