// SPDX-License-Identifier: Apache-2.0

import Linux

/// The program `kernel-checks`: runs every check on the machine it is started on and prints a report of each.
///
/// As process 1 it is the whole user space of a guest: it first makes the machine usable, and powers it off at the end.
/// Started on a running machine it leaves out the checks that are for guests only.
public enum CheckProgram {
    /// The line that ends the reports, so that a reader can tell a complete list from one that was cut off.
    public static let lastLine = "skep-checks done"

    /// Runs the program; in a guest it does not return.
    public static func run() {
        let inGuest = Processes.current == 1
        // Unknown words of the kernel's command line are arguments of process 1 too.
        if !inGuest, CheckCommand.run(Array(CommandLine.arguments.dropFirst())) { return }
        if inGuest { GuestMachinePreparation.prepare() }
        for report in reports(guestOnly: inGuest) { say(report.line) }
        say(lastLine)
        if inGuest { GuestMachinePreparation.powerOff() }
    }

    /// The reports of all checks in turn; each check runs when its report is asked for.
    ///
    /// - Parameter guestOnly: whether to run those that are for guests only.
    public static func reports(guestOnly: Bool) -> some Sequence<CheckReport> {
        let clock = ContinuousClock()
        return KernelCheck.all.lazy.filter { guestOnly || !$0.guestOnly }.map { check in
            var outcome = CheckOutcome.passed
            let duration = clock.measure { outcome = check.run(on: .current) }
            return CheckReport(name: check.name, outcome: outcome, milliseconds: Int(duration / .milliseconds(1)))
        }
    }

    /// The path of the program, for checks that start it once more: `$SKEP_CHECK_PROGRAM`, where tests run the checks,
    /// else this process's own.
    static func path() throws(LinuxError) -> String {
        if let path = Environment.variable("SKEP_CHECK_PROGRAM") { return path }
        return try Files.linkTarget("/proc/self/exe")
    }

    /// Prints a line at once, since what follows may end the machine.
    static func say(_ line: String) {
        try? FileDescriptor.write(Array("\(line)\n".utf8), to: 1)
    }
}
