// SPDX-License-Identifier: Apache-2.0

import Diagnostics
public import Guest
import Linux

/// Runs the checks in guests: boots a kernel with the program `kernel-checks` as its whole user space.
///
/// ```swift
/// let guest = try CheckGuest(program: ".build-guests/kernel-checks", objects: try GuestObjects.all(root: "."))
/// for report in try guest.run(kernel).reports { print(report.line) }
/// ```
public struct CheckGuest: Sendable {
    private let machine: GuestMachine
    private let image: GuestImage

    /// What a guest reported until it powered off.
    public struct Run: Sendable {
        /// One report a check, in the order they ran.
        public let reports: [CheckReport]
        /// Why a first try ended early; nil when one was enough.
        public let firstFailure: GuestError?
    }

    /// Prepares for running.
    ///
    /// - Parameters:
    ///   - program: the path of the static `kernel-checks`.
    ///   - objects: what the checks load, by their paths in the guest.
    ///   - filter: what the names of the checks must hold.
    /// - Throws: ``GuestError`` with the code `unavailable`, which says what is missing and how to get it.
    public init(program: String, objects: [String: [UInt8]], filter: String = "") throws(GuestError) {
        guard Files.exists(program) else {
            throw GuestError(
                .unavailable, "the program that guests run was not built", hint: "run Tools/scripts/kernel-checks.sh")
        }
        machine = try GuestMachine()
        var image = GuestImage(program: program)
        image.files = objects
        if !filter.isEmpty { image.files[String(CheckProgram.filterPath.dropFirst())] = Array(filter.utf8) }
        self.image = image
    }

    /// Boots a kernel and waits until it is off; blocks its thread meanwhile.
    ///
    /// A guest that dies before its checks end is booted once more, and the run says so.
    ///
    /// - Parameters:
    ///   - timeLimit: milliseconds after which a guest is killed.
    ///   - onReport: gets each report when it comes.
    /// - Throws: ``GuestError`` when the second guest does not report that all checks have run either; its text ends with
    ///   the console.
    public func run(
        _ kernel: GuestKernel, timeLimit: Int32 = 300_000, onReport: (CheckReport) -> Void = { _ in }
    ) throws(GuestError) -> Run {
        do throws(GuestError) {
            return Run(reports: try boot(kernel, timeLimit, onReport), firstFailure: nil)
        } catch {
            guard error.code == .unfinished else { throw error }
            return Run(reports: try boot(kernel, timeLimit, onReport), firstFailure: error)
        }
    }

    private func boot(
        _ kernel: GuestKernel, _ timeLimit: Int32, _ onReport: (CheckReport) -> Void
    ) throws(GuestError) -> [CheckReport] {
        let run = try machine.run(kernel, image, timeLimit: timeLimit) { line in
            if let report = CheckReport(line: line) { onReport(report) }
        }
        guard run.lines.contains(where: { $0.hasSuffix(CheckProgram.lastLine) }) else {
            let reason = run.wasStopped ? "did not finish within \(timeLimit / 1000) s" : "ended before its checks did"
            throw GuestError(
                .unfinished, "the guest \(reason)", context: [DiagnosticContext("kernel", kernel)], detail: run.end)
        }
        return run.lines.compactMap { CheckReport(line: $0) }
    }
}
