// SPDX-License-Identifier: Apache-2.0

import BPF
import CheckWorkload
import Diagnostics
import Linux
import Presentation
import ServiceRuntime

/// What the program does when a check starts it once more, as a process to be watched or one that watches.
enum CheckCommand {
    /// Does what the arguments say.
    ///
    /// - Returns: whether they said anything.
    static func run(_ arguments: [String]) -> Bool {
        switch arguments.first {
        case "nothing": return true
        case "everything":
            let interface = (try? Interfaces.index(named: "skep-a")) ?? 0
            skep_workload_everything((try? Files.linkTarget("/proc/self/exe")) ?? "", interface, 30_000)
            return true
        case "hold":
            do {
                try CheckRemains.hold()
            } catch {
                fail(error)
            }
            return true
        case "hidden-types":
            do {
                try KernelCheck.readHiddenTypes()
            } catch {
                fail(error)
            }
            return true
        case "delegated" where arguments.count > 1:
            do {
                try KernelCheck.runDelegated(descriptor: arguments[1])
            } catch {
                fail(error)
            }
            return true
        case "service" where arguments.count > 1:
            do {
                try watch(path: arguments[1], interfaces: Array(arguments.dropFirst(2)))
            } catch {
                fail(error)
            }
            return true
        default: return false
        }
    }

    private static func fail(_ error: any Error) -> Never {
        let text = (error as? any DiagnosticError)?.report ?? "\(error)"
        try? FileDescriptor.write(Array("\(text)\n".utf8), to: 2)
        Processes.exit(1)
    }

    private static func watch(path: String, interfaces: [String]) throws {
        let service = try PreparedService(.object(path: path))
        var options = RunOptions()
        options.format = .json
        options.duration = 1_500_000_000
        options.attach.interfaces = interfaces
        options.isVerbose = true
        try ServiceSession.run(service, spec: service.spec, options: options)
    }
}
