// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Dispatch
import Foundation
import Guest
import KernelChecks
import Testing

/// Every kernel check holds in a guest of every kernel that could be had.
///
/// Each kernel boots once, when the first of its checks asks for it; one guest runs at a time.
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

    private static let folder =
        ProcessInfo.processInfo.environment["SKEP_GUESTS"]
        ?? URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: ".build-guests").path
    private static let machine = Result { () throws(GuestError) in try GuestMachine(folder: folder) }
    /// What the checks load: compiled here, since guests have no compiler.
    private static let files = Result { try GuestObjects.all() }
    private static let queue = DispatchQueue(label: "guests")
    private static let boots = Boots()

    /// How a check ended in the guest of a series.
    static func outcome(of name: String, series: String) async -> CheckOutcome {
        let files: [String: [UInt8]]
        do {
            files = try Self.files.get()
        } catch {
            return .failed("the objects of the checks cannot be compiled: \(error)")
        }
        switch machine {
        case .failure(let error):
            return .skipped([error.message, error.hint].compactMap(\.self).joined(separator: "; "))
        case .success(let machine):
            guard let kernel = machine.kernels.first(where: { $0.series == series }) else {
                return .skipped("Debian's archive offered no such kernel")
            }
            switch await boots.run(of: kernel, in: machine, with: files) {
            case .failure(let error):
                return .failed(await boots.isFirstFailure(of: kernel) ? error.report : error.chain)
            case .success(let run):
                return run.reports.first { $0.name == name }?.outcome
                    ?? .failed("the guest's program does not know this check; run Tools/scripts/kernel-checks.sh")
            }
        }
    }

    /// Boots each kernel at most once.
    private actor Boots {
        private var tasks: [GuestKernel: Task<Result<GuestMachine.Run, GuestError>, Never>] = [:]
        private var failures: Set<GuestKernel> = []

        /// Whether nobody has asked this of the kernel before: the console is printed once, not with every check.
        func isFirstFailure(of kernel: GuestKernel) -> Bool { failures.insert(kernel).inserted }

        func run(
            of kernel: GuestKernel, in machine: GuestMachine, with files: [String: [UInt8]]
        ) async -> Result<GuestMachine.Run, GuestError> {
            if let task = tasks[kernel] { return await task.value }
            let task = Task {
                await withCheckedContinuation { continuation in
                    // A queue of its own: a guest blocks its thread for seconds, and tasks have few.
                    queue.async {
                        continuation.resume(
                            returning: Result { () throws(GuestError) in try machine.boot(kernel, files: files) })
                    }
                }
            }
            tasks[kernel] = task
            return await task.value
        }
    }
}
