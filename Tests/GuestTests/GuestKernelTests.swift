// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Dispatch
import Foundation
import Guest
import KernelChecks
import Testing

/// Every kernel check holds in a guest of every kernel that could be had.
///
/// Each kernel boots once, when the first of its checks asks for it; two guests run at a time.
@Suite struct GuestKernelTests {
    @Test("a kernel check holds in a guest", arguments: Guests.series, KernelCheck.all.map(\.name))
    func check(series: String, name: String) async throws {
        switch await Guests.outcome(of: name, series: series) {
        case .passed, .absent: break
        case .skipped(let reason): try Test.cancel("\(series): \(reason)")
        case .failed(let reason): Issue.record("\(series): \(reason)")
        }
    }
}

/// The guests of this test run.
enum Guests {
    /// The matrix, whether or not a kernel could be had: one that could not is skipped, not forgotten.
    static let series = ["5.10", "6.1", "6.12", "newest"]

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path
    private static let cache = KernelCache()
    private static let guest = Result {
        setenv("SKEP_SHARE", try GuestObjects.linkShare(root: root), 1)
        return try CheckGuest(program: root + "/.build-guests/kernel-checks", objects: try GuestObjects.all(root: root))
    }
    private static let boots = Boots()

    /// How a check ended in the guest of a series.
    static func outcome(of name: String, series: String) async -> CheckOutcome {
        switch guest {
        case .failure(let error as GuestError):
            return .skipped([error.message, error.hint].compactMap(\.self).joined(separator: "; "))
        case .failure(let error):
            return .failed("the objects of the checks cannot be compiled: \(error)")
        case .success(let guest):
            guard let kernel = cache.kernel(series) else {
                return .skipped("no such kernel was fetched; Tools/scripts/guest-kernels.sh says why")
            }
            switch await boots.run(of: kernel, in: guest) {
            case .failure(let error):
                return .failed(await boots.isFirstFailure(of: kernel) ? error.report : error.chain)
            case .success(let run):
                return run.reports.first { $0.name == name }?.outcome
                    ?? .failed("the guest's program does not know this check; run Tools/scripts/kernel-checks.sh")
            }
        }
    }

    /// Boots each kernel at most once, two at a time.
    private actor Boots {
        private var tasks: [GuestKernel: Task<Result<CheckGuest.Run, GuestError>, Never>] = [:]
        private var failures: Set<GuestKernel> = []
        /// Queues of their own: a guest blocks its thread for seconds, and tasks have few.
        private let queues = [DispatchQueue(label: "guests-1"), DispatchQueue(label: "guests-2")]

        /// Whether nobody has asked this of the kernel before: the console is printed once, not with every check.
        func isFirstFailure(of kernel: GuestKernel) -> Bool { failures.insert(kernel).inserted }

        func run(of kernel: GuestKernel, in guest: CheckGuest) async -> Result<CheckGuest.Run, GuestError> {
            if let task = tasks[kernel] { return await task.value }
            let queue = queues[tasks.count % queues.count]
            let task = Task {
                await withCheckedContinuation { continuation in
                    queue.async { continuation.resume(returning: Guests.run(kernel, in: guest)) }
                }
            }
            tasks[kernel] = task
            return await task.value
        }
    }

    /// Runs a guest, says so when it had to be booted twice, and keeps the reports for the table of support.
    private static func run(_ kernel: GuestKernel, in guest: CheckGuest) -> Result<CheckGuest.Run, GuestError> {
        let result = Result { () throws(GuestError) in try guest.run(kernel) }
        if case .success(let run) = result {
            if let failure = run.firstFailure {
                print("GUEST BOOTED TWICE: \(kernel): \(failure.message)\n\(failure.detail ?? "")")
            }
            try? SupportResult(kernel: kernel, reports: run.reports).write(to: root + "/.build-guests/results")
        }
        return result
    }
}
