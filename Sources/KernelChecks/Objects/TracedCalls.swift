// SPDX-License-Identifier: Apache-2.0

import BPF
import CheckWorkload
import Linux

/// A program of the checks' objects that counts what this thread does, and adds up what it reads each time.
struct TracedCalls: Sendable {
    /// The name of the section, which is the subject.
    let hook: String
    private let object: String
    private let program: String
    private let what: String
    private let since: KernelVersion
    private let options: [String]
    private let set: @Sendable (inout AttachOptions) -> Void

    /// Describes a program.
    ///
    /// - Parameters:
    ///   - hook: the section's name.
    ///   - program: the program's name.
    ///   - what: the rest of the check's name.
    ///   - object: the object's name.
    ///   - since: the first kernel that has the hook.
    ///   - options: what a kernel must be built with.
    ///   - set: completes the options of attaching.
    init(
        _ hook: String, _ program: String, _ what: String, _ object: String = "tracinghooks",
        since: KernelVersion = "5.10", options: [String] = [],
        set: @escaping @Sendable (inout AttachOptions) -> Void = { _ in }
    ) {
        self.hook = hook
        self.program = program
        self.what = what
        self.object = object
        self.since = since
        self.options = options
        self.set = set
    }

    /// The check that the program counts exactly while it is attached.
    ///
    /// - Parameters:
    ///   - hits: how often it sees something when the events happen 100 times.
    ///   - sum: the sum of what it reads meanwhile.
    ///   - guestOnly: whether the hook touches the whole machine.
    ///   - subject: what it proves; the hook unless told.
    ///   - happen: lets the events happen; three system calls with getp in their names unless told.
    func check(
        hits: UInt64, sum: UInt64, guestOnly: Bool = false, subject: CheckSubject? = nil,
        happen: @escaping @Sendable (Int32) -> Void = TracedCalls.callSystem
    ) -> KernelCheck {
        KernelCheck(
            "the tracing hook \(hook) \(what)", minimumKernel: since, guestOnly: guestOnly,
            subject: subject ?? .hook(hook), options: options
        ) {
            try run(hits, sum, happen: happen)
        }
    }

    /// Runs the check.
    func run(_ hits: UInt64, _ sum: UInt64, happen: (Int32) -> Void) throws -> CheckOutcome {
        let object = try CheckObject.load(object, programs: [program])
        var options = AttachOptions()
        options.binary = try Files.linkTarget("/proc/self/exe")
        set(&options)
        happen(5)
        let link = try object.program(named: program).attach(options)
        happen(100)
        link.detach()
        happen(5)
        try expectSame(try object.number("hits"), hits, "events")
        try expectSame(try object.number("sum"), sum, "the sum of what was read")
        return .passed
    }

    /// getppid, getpgid, getpriority: what has no argument goes by another name where functions are listed.
    static let callSystem: @Sendable (Int32) -> Void = { count in
        skep_workload_get_parent(count)
        skep_workload_get_group(count)
        _ = skep_workload_get_priority(count)
    }
}
