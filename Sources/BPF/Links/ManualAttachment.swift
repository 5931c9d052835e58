// SPDX-License-Identifier: Apache-2.0

import Linux
import Synchronization

/// An attachment that no link of the kernel's keeps: it must be taken away, or it stays.
protocol ManualAttachment: Sendable {
    /// Takes it away. Nothing can be done about a failure: the interface or cgroup may be gone.
    func end()

    /// Replaces the program.
    ///
    /// - Parameter expected: the program that must be attached, or `nil` for any.
    func update(to program: Program, replacing expected: Program?) throws(LinuxError)
}

extension ManualAttachment {
    func update(to program: Program, replacing expected: Program?) throws(LinuxError) {
        throw LinuxError(.notSupported, call: "update")
    }
}

/// The program of an attachment without a link, which lives as long as it is attached.
final class AttachedProgram: Sendable {
    private let state: Mutex<Program>

    init(_ program: Program) { state = Mutex(program) }

    var current: Program { state.withLock { $0 } }

    /// Replaces the program by what `body` does with the one that is attached.
    func replace(
        with program: Program, expecting expected: Program?, _ body: (Program) throws(LinuxError) -> Void
    ) throws(LinuxError) {
        let failure = state.withLock { (current: inout Program) -> LinuxError? in
            if let expected, expected !== current { return LinuxError(.noSuchFileOrDirectory, call: "update") }
            do throws(LinuxError) {
                try body(current)
                current = program
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
    }
}

/// The network namespace of an attachment, kept so that the attachment can be taken away when its name is gone.
final class AttachmentNamespace: Sendable {
    private let descriptor: SharedDescriptor?

    /// Opens a namespace; `nil` is the caller's, which needs no way back.
    init(_ namespace: NetworkNamespace?) throws(LinuxError) {
        guard let namespace else {
            descriptor = nil
            return
        }
        descriptor = SharedDescriptor(name: "namespace", descriptor: try namespace.open())
    }

    /// Runs `body` in the namespace.
    func run<Value: Sendable>(_ body: @Sendable () throws(LinuxError) -> Value) throws(LinuxError) -> Value {
        guard let number = descriptor?.descriptor.rawValue else { return try body() }
        return try NetworkNamespace.descriptor(number).run(body)
    }

    /// What tells the namespace from others.
    func identity() throws(LinuxError) -> UInt64 {
        try run { () throws(LinuxError) in try Files.identity("/proc/thread-self/ns/net").inode }
    }
}
