// SPDX-License-Identifier: Apache-2.0

import BPF
import Diagnostics
import Guest
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
    /// The first kernel of which some builds have the subject; from there on the table of support says why another has not.
    public let firstKernel: KernelVersion
    /// Whether it runs only in guests: it denies, signals, reschedules or changes the whole machine.
    public let guestOnly: Bool
    /// What it proves, for the table of support; nil when it is about the library only.
    public let subject: CheckSubject?
    /// The options that a kernel must be built with to have the subject, such as `CONFIG_NETKIT`.
    public let options: [String]
    private let body: @Sendable () throws -> CheckOutcome

    /// Makes a check.
    ///
    /// - Parameters:
    ///   - name: what holds, as a sentence.
    ///   - minimumKernel: the first kernel on which it must hold; Linux 5.10 unless told.
    ///   - firstKernel: the first kernel of which some builds have the subject; that on which it must hold unless told.
    ///   - guestOnly: whether it may touch more of the machine than what it makes itself.
    ///   - subject: what it proves, for the table of support.
    ///   - options: the options that a kernel must be built with to have the subject.
    ///   - body: the check; an error that it throws is a failure.
    public init(
        _ name: String, minimumKernel: KernelVersion = "5.10", firstKernel: KernelVersion? = nil,
        guestOnly: Bool = false, subject: CheckSubject? = nil, options: [String] = [],
        body: @escaping @Sendable () throws -> CheckOutcome
    ) {
        self.name = name
        self.minimumKernel = minimumKernel
        self.firstKernel = firstKernel ?? minimumKernel
        self.guestOnly = guestOnly
        self.subject = subject
        self.options = options
        self.body = body
    }

    /// Runs the check on this machine.
    ///
    /// A kernel that is too old for a check with a subject, or was built without it, must say so: the check then holds
    /// when its body ends with the error "not supported". A check without a subject is skipped there.
    public func run(on kernel: KernelVersion) -> CheckOutcome {
        let lack = lack(on: kernel)
        if case .certain(let reason) = lack, subject == nil { return .skipped(reason) }
        do {
            return try body()
        } catch let error as BPFError where subject != nil && lack?.isCertain == true && error.code == .notSupported {
            return .absent(error.message)
        } catch let error as BPFError where subject != nil && error.code == .refused && Processes.current != 1 {
            return .skipped(error.message)
        } catch let error as BPFError where lack?.isCertain == false && error.code == .notSupported {
            return .skipped("\(Self.incompleteness): \(error.message)")
        } catch {
            let report = (error as? any DiagnosticError)?.report ?? "\(error)"
            let missesModule = Self.isIncomplete && Self.signsOfMissingModules.contains(where: report.contains)
            return missesModule ? .skipped("\(Self.incompleteness): \(report)") : .failed(report)
        }
    }

    /// Why a kernel does not have the subject.
    private enum Lack {
        case certain(String)
        /// It cannot be known, since the modules and the configuration are gone.
        case unknown

        var isCertain: Bool {
            if case .certain = self { true } else { false }
        }
    }

    /// Why this kernel does not have the subject; nil when it must have it.
    private func lack(on kernel: KernelVersion) -> Lack? {
        if kernel < minimumKernel { return .certain("needs Linux \(minimumKernel), this is \(kernel)") }
        guard !Self.isIncomplete else { return .unknown }
        guard !options.isEmpty, let configuration = Self.configuration else { return nil }
        let missing = options.filter { option in configuration[option].map { $0 == "n" } ?? true }
        return missing.isEmpty ? nil : .certain("the kernel was built without \(missing.joined(separator: ", "))")
    }

    /// The reason for what cannot be tried in such a guest.
    static let incompleteness = "the modules and the configuration of this kernel can no longer be had"

    private static let configuration = try? KernelConfiguration.current()
    /// Whether this is a guest of a kernel whose modules and configuration its distribution no longer keeps.
    static let isIncomplete =
        GuestSystem.isFirstProcess ? !GuestSystem.hasModules : Environment.variable(incompleteVariable) != nil
    /// Tells a process that a check starts in such a guest where it is.
    static let incompleteVariable = "SKEP_CHECK_WITHOUT_MODULES"
    /// What the kernel says of devices and disciplines that are modules, and of what devices that are not cannot do.
    private static let signsOfMissingModules = ["Unknown device type", "qdisc kind is unknown", "EOPNOTSUPP", "ENODEV"]
}

/// How a check ended.
public enum CheckOutcome: Sendable, Hashable {
    /// It holds.
    case passed
    /// The kernel does not have what it is about, and says so as it should; the text is what a user reads.
    case absent(String)
    /// It does not hold, and why.
    case failed(String)
    /// It could not be tried, and why.
    case skipped(String)
}
