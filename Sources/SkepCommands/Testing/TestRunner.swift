// SPDX-License-Identifier: Apache-2.0

import Guest
import Linux

/// Boots the kernels of a test, two at a time, and judges what they say.
struct TestRunner {
    let machine: GuestMachine
    let image: GuestImage
    let expectations: [TestExpectation]
    /// Milliseconds that a kernel may take.
    let timeLimit: Int32
    let isVerbose: Bool

    private var running: [(index: Int, kernel: GuestKernel, guest: RunningGuest)] = []

    /// Emulation takes a processor for each guest.
    private static let guestsAtATime = 2

    init(
        machine: GuestMachine, image: GuestImage, expectations: [TestExpectation], timeLimit: Int32, isVerbose: Bool
    ) {
        self.machine = machine
        self.image = image
        self.expectations = expectations
        self.timeLimit = timeLimit
        self.isVerbose = isVerbose
    }

    /// Runs all.
    ///
    /// - Parameter report: gets the outcomes in the order of the kernels.
    mutating func run(_ kernels: [(name: String, kernel: GuestKernel?)], report: (TestOutcome) -> Void) throws {
        var outcomes: [Int: TestOutcome] = [:]
        var reported = 0
        var waiting = kernels.indices[...]
        while reported < kernels.count {
            while running.count < Self.guestsAtATime, let index = waiting.popFirst() {
                let (name, kernel) = kernels[index]
                guard let kernel else {
                    outcomes[index] = TestOutcome(
                        skipped: name, reason: "it was not fetched; run: skep kernels fetch \(name)")
                    continue
                }
                running.append((index, kernel, try machine.start(kernel, image, timeLimit: timeLimit)))
            }
            for (index, kernel, guest) in running {
                let run = try guest.read(milliseconds: 50) { line in
                    if isVerbose { StandardError.write("\(kernel.series)| \(line)\n") }
                }
                guard let run else { continue }
                running.removeAll { $0.index == index }
                outcomes[index] = judge(kernel, run)
            }
            while let outcome = outcomes[reported] {
                report(outcome)
                reported += 1
            }
        }
    }

    private func judge(_ kernel: GuestKernel, _ run: GuestMachine.Run) -> TestOutcome {
        let outcome = TestOutcome(
            kernel: kernel.series, release: kernel.release, lines: run.lines, wasStopped: run.wasStopped,
            expectations: expectations, seconds: Int(timeLimit) / 1000)
        if !isVerbose, outcome.verdict == .failed || outcome.verdict == .died {
            StandardError.write("skep: the console of \(kernel):\n" + run.end + "\n")
        }
        return outcome
    }
}
