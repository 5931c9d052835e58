// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BPFObject
import Guest
import Linux
import ServiceRuntime

/// `skep test`: runs a service on real kernels, each booted in a virtual machine.
struct TestCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "test",
            abstract: "Run a service on other kernels, each booted in a virtual machine.",
            discussion: """
                SERVICE is what `skep run` takes. Each kernel is booted in QEMU, without touching this machine's; kernels come
                from `skep kernels fetch`. Without --script some programs are started and files written while the service
                runs. Interfaces of a guest are lo and the connected pair skep0 and skep1.

                --expect takes a condition as --filter does; '3: CONDITION' wants exactly three such rows, 'none: CONDITION'
                none, and 'text: TEXT' a line of output with TEXT. A script may hold them in comments: # expect: CONDITION

                skep test opensnoop --kernel 5.10,6.1,6.12
                skep test tool.bpf.c --script work.sh --expect 'comm==cat'

                The exit code is 0 when every kernel passes, 4 when some only lack support, else 1.
                """)
    }

    @Argument(help: "The service: a name, a .bpf.c, a .o, or a folder.")
    var service: String

    @Argument(parsing: .postTerminator, help: "Flags of the service.")
    var serviceFlags: [String] = []

    @Option(
        help: ArgumentHelp("The kernels, divided by commas; by default all that were fetched.", valueName: "series"))
    var kernel: String?

    @Option(help: ArgumentHelp("A shell script to run in the guest while the service is attached.", valueName: "file"))
    var script: String?

    @Option(help: ArgumentHelp("What the rows must hold; can be given several times.", valueName: "condition"))
    var expect: [String] = []

    @Option(help: "How long the service runs when there is no script.")
    var duration: Nanoseconds = Nanoseconds(value: 3_000_000_000)

    @Option(help: "How long a kernel may take for all, from its start.")
    var timeout: Nanoseconds = Nanoseconds(value: 180_000_000_000)

    @Flag(help: "One JSON object a kernel.")
    var json = false

    @Flag(help: "Boot one kernel with a shell on this terminal while the service runs.")
    var keep = false

    @Flag(name: .shortAndLong, help: "Show what the guests print.")
    var verbose = false

    @Option(help: ArgumentHelp("The row type of a buffer that the source does not tell.", valueName: "map=struct"))
    var event: [Assignment] = []

    @OptionGroup(title: "What is loaded") var object: ObjectArguments

    @OptionGroup(title: "Where it is attached, in the guest") var attach: AttachArguments

    @OptionGroup(title: "How sources are compiled") var compiler: CompilerOptions

    func run() throws {
        var scriptText: [UInt8]?
        if let script {
            do throws(LinuxError) {
                scriptText = try Files.read(script, limit: 1 << 20)
            } catch {
                throw ServiceError(.usage, "cannot read the script \(script)", cause: error)
            }
        }
        let expectations =
            expect.map { TestExpectation($0) }
            + TestExpectation.inComments(of: String(decoding: scriptText ?? [], as: UTF8.self))
        let kernels = try wantedKernels()
        let prepared = try prepare()
        for expectation in expectations { try expectation.check(against: prepared.service.spec) }
        var spec = prepared.service.spec
        let flags = FlagParser(prepared.service)
        if try flags.apply(serviceFlags, to: &spec) {
            StandardOutput.write(flags.help)
            return
        }
        let plan = plan(prepared.service.name, expectations)
        let image = try TestImage.make(
            plan, object: try prepared.service.standaloneObject(), newer: try prepared.newer?.standaloneObject(),
            script: scriptText)
        let machine = try GuestMachine()
        if keep {
            guard let kernel = kernels.compactMap(\.kernel).first, kernels.count == 1 else {
                throw ServiceError(
                    .usage, "--keep needs one kernel that was fetched", hint: "name it with --kernel 6.1")
            }
            guard Terminal.isTerminal(0), Terminal.isTerminal(1) else {
                throw ServiceError(.usage, "--keep needs a terminal for its shell")
            }
            return try machine.runInteractively(kernel, image)
        }
        if !json { StandardOutput.write(TestOutcome.head) }
        var runner = TestRunner(
            machine: machine, image: image, expectations: expectations,
            timeLimit: Int32(clamping: timeout.value / 1_000_000), isVerbose: verbose)
        var verdicts: [TestOutcome.Verdict] = []
        try runner.run(kernels) { outcome in
            verdicts.append(outcome.verdict)
            StandardOutput.write(json ? outcome.json.encoded + "\n" : outcome.line)
        }
        let bad = verdicts.filter { $0 != .passed }
        if !bad.isEmpty { Processes.exit(bad.allSatisfy { $0 == .unsupported } ? 4 : 1) }
    }

    private func wantedKernels() throws -> [(name: String, kernel: GuestKernel?)] {
        let cache = KernelCache()
        guard let kernel else {
            let all = cache.kernels
            guard !all.isEmpty else {
                throw ServiceError(
                    .failed, "no kernels are in \(cache.folder)", hint: "`skep kernels fetch` brings some")
            }
            return all.map { ($0.series, $0) }
        }
        let names = kernel.split(separator: ",").map(String.init)
        guard !names.isEmpty else { throw ServiceError(.usage, "--kernel names no kernel") }
        return names.map { ($0, cache.kernel($0)) }
    }

    private func plan(_ service: String, _ expectations: [TestExpectation]) -> TestPlan {
        var plan = TestPlan()
        plan.service = service
        plan.duration = duration.value
        plan.flags = serviceFlags
        plan.conditions = expectations.compactMap(\.condition)
        plan.options = object.words + attach.words
        plan.isInteractive = keep
        return plan
    }

    /// Compiles or reads the service, and a source once more for newer instructions, which some kernels' verifiers know
    /// more about.
    private func prepare() throws -> (service: PreparedService, newer: PreparedService?) {
        let location = try ServiceLocation.find(service)
        var options = PreparedService.Options()
        options.clang = compiler.clang
        options.arguments = compiler.arguments
        options.eventTypes = Dictionary(event.map { ($0.name, $0.value) }) { $1 }
        let service = try PreparedService(location, options: options)
        guard case .source = location, !options.arguments.contains(where: { $0.hasPrefix("-mcpu") }) else {
            return (service, nil)
        }
        // Its warnings were told already.
        options.arguments += ["-mcpu=v3", "-w"]
        return (service, try? PreparedService(location, options: options))
    }
}
