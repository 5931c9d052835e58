// SPDX-License-Identifier: Apache-2.0

import Guest
import Linux

/// The program `kernel-checks`: runs every check on the machine it is started on and prints a report of each.
///
/// As process 1 it is the whole user space of a guest: it first makes the machine usable, and powers it off at the end.
/// Started on a running machine it leaves out the checks that are for guests only.
public enum CheckProgram {
    /// The line that ends the reports, so that a reader can tell a complete list from one that was cut off.
    public static let lastLine = "skep-checks done"

    /// Where a guest finds the text that the names of the checks to run must hold.
    static let filterPath = "/objects/filter"

    /// Runs the program; in a guest it does not return.
    public static func run() {
        let inGuest = GuestSystem.isFirstProcess
        // Unknown words of the kernel's command line are arguments of process 1 too.
        let arguments = Array(CommandLine.arguments.dropFirst())
        if !inGuest, CheckCommand.run(arguments) || GuestsCommand.run(arguments) { return }
        if inGuest { GuestSystem.prepare() }
        let filter = (try? Files.readText(filterPath)) ?? ""
        for report in reports(guestOnly: inGuest, named: inGuest ? filter : "") { GuestSystem.say(report.line) }
        GuestSystem.say(lastLine)
        if inGuest { GuestSystem.powerOff() }
    }

    /// The reports of all checks in turn; each check runs when its report is asked for.
    ///
    /// - Parameters:
    ///   - guestOnly: whether to run those that are for guests only.
    ///   - filter: what the names of the checks must hold.
    public static func reports(guestOnly: Bool, named filter: String = "") -> some Sequence<CheckReport> {
        let clock = ContinuousClock()
        return KernelCheck.all.lazy.filter {
            (guestOnly || !$0.guestOnly) && (filter.isEmpty || $0.name.contains(filter))
        }.map { check in
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
}
