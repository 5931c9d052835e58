// SPDX-License-Identifier: Apache-2.0

import Linux

/// Other programs of this machine.
enum Programs {
    /// The path of a program in `PATH`, or in the folders where a user's `PATH` lacks it.
    static func find(_ name: String) -> String? {
        let given = (Environment.variable("PATH") ?? "").split(separator: ":").map(String.init)
        return (given + ["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"]).map { "\($0)/\(name)" }
            .first { Files.isExecutable($0) }
    }

    /// Runs a program to its end.
    static func run(
        _ name: String, _ arguments: [String], timeLimit: Int32, directory: String? = nil
    ) throws(GuestError) -> ChildProcess.Output {
        var command = ChildProcess.Command(find(name) ?? name, arguments)
        command.directory = directory
        do throws(LinuxError) {
            let output = try ChildProcess.run(command, timeLimit: timeLimit)
            if output.wasStopped {
                throw LinuxError(.timedOut, call: name, explanation: "it did not end in \(timeLimit / 1000) s")
            }
            return output
        } catch {
            throw GuestError(.system, "\(name) cannot be run", cause: error)
        }
    }
}
