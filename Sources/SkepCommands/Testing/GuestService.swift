// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Diagnostics
import Guest
import Linux
import Presentation
import ServiceRuntime

/// The process that runs the service inside a guest of `skep test`: as `skep run --json` does, and telling how far it came.
enum GuestService {
    /// The word by which process 1 starts it.
    static let word = "guest-service"

    static func run(_ plan: TestPlan) -> Never {
        Processes.ignoreBrokenPipes()
        do {
            try start(plan, TestPlan.objects)
            Processes.exit(0)
        } catch  where ServiceSession.isRejection(error) && Files.exists(TestPlan.newerObjects) {
            do {
                try start(plan, TestPlan.newerObjects)
                Processes.exit(0)
            } catch let second where !ServiceSession.isRejection(second) {
                end(second)
            } catch { /* The first rejection is about the code as most kernels get it. */  }
            end(error)
        } catch {
            end(error)
        }
    }

    private static func start(_ plan: TestPlan, _ folder: String) throws {
        let service = try PreparedService(.object(path: "\(folder)/\(plan.service).o"))
        var spec = service.spec
        if try FlagParser(service).apply(plan.flags, to: &spec) {
            throw ServiceError(.usage, "--help is not for tests")
        }
        var options = try RunCommand.parse([plan.service] + plan.options).runOptions
        options.format = .json
        options.iteratesAtEnd = true
        options.isVerbose = true
        options.conditions = plan.conditions
        options.observer = { phase in
            switch phase {
            case .loaded: GuestSystem.say(TestLine.loaded.text)
            case .attached: GuestSystem.say(TestLine.attached.text)
            case .ended(_, _, let matches): GuestSystem.say(TestLine.matches(matches).text)
            }
        }
        try ServiceSession.run(service, spec: spec, options: options)
    }

    private static func end(_ error: any Error) -> Never {
        let known = error as? any DiagnosticError
        let message = known?.message ?? "\(error)"
        GuestSystem.say(TestLine.error(message.split(whereSeparator: \.isNewline).joined(separator: " ")).text)
        StandardError.write("skep: \(known?.report ?? message)\n")
        Processes.exit(known?.failure.exitCode ?? 1)
    }
}
