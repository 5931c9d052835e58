// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc

/// Which network namespace is meant.
public enum NetworkNamespace: Sendable, Hashable {
    /// A file such as /run/netns/blue.
    case path(String)
    /// The namespace of a process.
    case process(Int32)
    /// A descriptor of a namespace that the caller keeps open.
    case descriptor(Int32)

    /// Opens the namespace, to keep it or to attach programs to it.
    public func open() throws(LinuxError) -> FileDescriptor {
        switch self {
        case .path(let path): try .open(path)
        case .process(let process): try .open("/proc/\(process)/ns/net")
        case .descriptor(let descriptor): try .duplicating(descriptor)
        }
    }

    /// Makes a new namespace with nothing but a loopback interface that is down; it lives while something holds it.
    ///
    /// - Throws: `EPERM` without `CAP_SYS_ADMIN`.
    public static func create() throws(LinuxError) -> FileDescriptor {
        // The new namespace belongs to the thread, which ends; the descriptor keeps the namespace.
        let number = try DedicatedThread.run { () throws(LinuxError) -> Int32 in
            _ = try checked(skep_unshare(newNetwork), "unshare(CLONE_NEWNET)")
            return try FileDescriptor.open("/proc/thread-self/ns/net").release()
        }
        return FileDescriptor(owning: number)
    }

    /// Runs `body` inside the namespace on a thread of its own and waits for it.
    ///
    /// A namespace belongs to a thread: sockets and links that `body` makes stay in the namespace, while the caller's
    /// thread never leaves its own. `body` must not wait for Swift tasks.
    ///
    /// - Throws: what opening or entering the namespace answers (`EPERM` without `CAP_SYS_ADMIN`), and what `body`
    ///   throws.
    public func run<Result: Sendable>(
        _ body: @Sendable () throws(LinuxError) -> Result
    ) throws(LinuxError) -> Result {
        let descriptor = try open()
        let number = descriptor.rawValue
        return try DedicatedThread.run { () throws(LinuxError) -> Result in
            _ = try checked(skep_setns(number, newNetwork), "setns(CLONE_NEWNET)")
            return try body()
        }
    }
}

private let newNetwork: Int32 = 0x4000_0000  // CLONE_NEWNET
