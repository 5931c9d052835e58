// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Diagnostics
import Linux

extension Program {
    /// Runs the program once or often on data of the caller's, without attaching it.
    ///
    /// - Throws: ``BPFError`` with code `notSupported` for kinds that this kernel does not run, `invalidArgument` when
    ///   packet or context do not fit the kind.
    /// - Note: `BPF_PROG_TEST_RUN`, Linux 4.12; kinds came one by one.
    public func testRun(_ options: TestRunOptions) throws(BPFError) -> TestRunOutcome {
        guard let kind = spec.hook?.kind else {
            throw BPFError(.notSupported, "the program \(name) is of no known kind, so it cannot be run")
        }
        return try TestRunner(name: name, kind: kind, descriptor: rawDescriptor).run(options)
    }
}

extension LiveProgram {
    /// Runs the program once or often on data of the caller's; see ``Program/testRun(_:)``.
    public func testRun(_ options: TestRunOptions) throws(BPFError) -> TestRunOutcome {
        try TestRunner(name: name, kind: kind, descriptor: rawDescriptor).run(options)
    }
}

/// Runs one program for a test and says in words what does not fit.
struct TestRunner {
    let name: String
    let kind: ProgramKind
    let descriptor: Int32

    func run(_ options: TestRunOptions) throws(BPFError) -> TestRunOutcome {
        let needs = try check(options)
        var run = TestRun(program: descriptor, data: options.data)
        run.context = options.context
        if needs.repeats { run.repetitions = max(1, options.repetitions) }
        if let cpu = options.cpu {
            run.flags |= 1  // BPF_F_TEST_RUN_ON_CPU
            run.cpu = cpu
        }
        if options.isLive {
            run.flags |= 2  // BPF_F_TEST_XDP_LIVE_FRAMES
            run.batchSize = options.batchSize
        }
        if needs.smallestPacket != nil, !options.isLive {
            // Programs may make packets longer.
            run.outputCapacity = max(options.data.count + 1024, 2048)
        }
        if needs.answersContext, !options.context.isEmpty, !options.isLive {
            run.contextOutputCapacity = max(options.context.count, 256)
        }
        while true {
            do throws(LinuxError) {
                let result = try BPFSystemCall.testRun(run)
                return TestRunOutcome(
                    returnValue: result.returnValue,
                    verdict: options.isLive ? nil : TestRunVerdict.name(of: result.returnValue, kind: kind),
                    nanoseconds: result.nanoseconds, data: result.data,
                    context: kind.description == "syscall" ? result.inputContext : result.context)
            } catch {
                if error.errno == .noSpace, run.outputCapacity > 0, run.outputCapacity < 1 << 20 {
                    run.outputCapacity *= 8
                    continue
                }
                throw failure(error, needs, options)
            }
        }
    }

    /// Tells what does not fit before the kernel answers a number for it.
    private func check(_ options: TestRunOptions) throws(BPFError) -> TestRunNeeds {
        guard let needs = TestRunNeeds.of(kind) else {
            throw BPFError(
                .notSupported, "the kernel cannot run programs of the kind \(kind) on test data",
                hint: "attach it and make the event happen instead")
        }
        if KernelVersion.current < needs.minimumVersion {
            throw tooOld("running \(kind) programs on test data", needs.minimumVersion)
        }
        if options.isLive, kind != .xdp {
            throw BPFError(.invalidArgument, "only XDP programs run on live frames, and \(name) is \(kind)")
        }
        if options.isLive, KernelVersion.current < "5.18" { throw tooOld("running XDP on live frames", "5.18") }
        if let smallest = needs.smallestPacket {
            guard options.data.count >= smallest else {
                throw BPFError(
                    .invalidArgument,
                    "\(kind) programs run on a packet of at least \(smallest) bytes, and \(options.data.count) were given"
                )
            }
        } else if !options.data.isEmpty {
            throw BPFError(
                .invalidArgument, "\(kind) programs do not take a packet",
                hint: needs.contextSince == nil ? nil : "give their arguments as context")
        }
        if options.context.isEmpty, needs.needsContext {
            throw BPFError(.invalidArgument, "\(kind) programs need a context to run on")
        }
        if !options.context.isEmpty {
            guard let since = needs.contextSince else {
                throw BPFError(.invalidArgument, "\(kind) programs do not take a context")
            }
            if KernelVersion.current < since { throw tooOld("a context for test runs of \(kind) programs", since) }
        }
        if options.repetitions > 1, !needs.repeats {
            throw BPFError(.invalidArgument, "the kernel runs \(kind) programs only once at a time")
        }
        if options.cpu != nil, !needs.takesCPU {
            throw BPFError(.invalidArgument, "the kernel lets only raw tracepoint programs choose a CPU for a test run")
        }
        return needs
    }

    private func tooOld(_ what: String, _ version: KernelVersion) -> BPFError {
        BPFError(.notSupported, "\(what) needs Linux \(version), this is \(KernelVersion.current)")
    }

    private func failure(_ error: LinuxError, _ needs: TestRunNeeds, _ options: TestRunOptions) -> BPFError {
        switch error.errno {
        case .kernelNotSupported, .notSupported:
            return BPFError(
                .notSupported, "this kernel cannot run the \(kind) program \(name) on test data",
                hint: "attach it and make the event happen instead", cause: error)
        case .badAddress where kind == .tracing:
            return BPFError(
                .notSupported, "the kernel runs tracing programs only where they attach to its own test functions",
                hint: "attach it and make the event happen instead", cause: error)
        case .noSuchDeviceOrAddress where options.cpu != nil:
            return BPFError(.invalidArgument, "there is no CPU \(options.cpu ?? 0) that is online", cause: error)
        case .invalidArgument:
            return BPFError(
                .invalidArgument, "the kernel does not run \(name) on this data",
                hint: "the packet or the context does not have the form that \(kind) programs take", cause: error)
        default: return .system(error, "the test run of \(name) failed")
        }
    }
}
