// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// The kernel's tracefs, which tells the numbers and fields of tracepoints.
///
/// It is often not mounted. Then it is mounted detached, which leaves nothing behind.
///
/// ```swift
/// let id = try TraceFileSystem().tracepointID(category: "sched", name: "sched_switch")
/// ```
public struct TraceFileSystem: ~Copyable, Sendable {
    private let root: FileDescriptor

    /// Opens the tracefs that is mounted already, or mounts one detached.
    ///
    /// - Throws: `EPERM` when neither is permitted, `ENODEV` when the kernel has no tracefs.
    public init() throws(LinuxError) {
        if let table = try? MountTable.current(), let mount = table.mount(ofType: "tracefs"),
            let root = try? FileDescriptor.open(mount.path, .directory)
        {
            self.root = root
            return
        }
        if let root = try? FileDescriptor.open("/sys/kernel/debug/tracing", .directory) {
            self.root = root
            return
        }
        root = try DetachedMount.make("tracefs")
    }

    /// The number of a tracepoint, as perf_event_open(2) wants it.
    ///
    /// - Throws: `ENOENT` when there is no such tracepoint.
    public borrowing func tracepointID(category: String, name: String) throws(LinuxError) -> UInt64 {
        let path = "events/\(try Self.component(category))/\(try Self.component(name))/id"
        let text = try read(path)
        guard let id = UInt64(text.prefix { $0 != "\n" }) else {
            throw LinuxError(.illegalBytes, call: "read", path: path)
        }
        return id
    }

    /// The description of a tracepoint's fields, as tracefs shows it.
    public borrowing func tracepointFormat(category: String, name: String) throws(LinuxError) -> String {
        try read("events/\(try Self.component(category))/\(try Self.component(name))/format")
    }

    /// All tracepoints, as `category:name`, in the kernel's order.
    public borrowing func tracepoints() throws(LinuxError) -> [String] {
        try read("available_events").split(separator: "\n").map { String($0) }
    }

    /// Reads a file of tracefs, such as `available_filter_functions`.
    public borrowing func read(_ path: String) throws(LinuxError) -> String {
        try Files.readText(path, in: root.rawValue)
    }

    borrowing func openForWriting(_ path: String) throws(LinuxError) -> FileDescriptor {
        try FileDescriptor.open(path, .write, in: root.rawValue)
    }

    /// Opens what programs print with `bpf_printk()`, without waiting: each line is read by one reader only.
    public borrowing func openPrintOutput() throws(LinuxError) -> FileDescriptor {
        let descriptor = try FileDescriptor.open("trace_pipe", in: root.rawValue)
        try descriptor.setNonBlocking()
        return descriptor
    }

    /// A name must stay one component of a path.
    private static func component(_ name: String) throws(LinuxError) -> String {
        guard !name.isEmpty, !name.contains("/"), name != "..", name != "." else {
            throw LinuxError(.noSuchFileOrDirectory, call: "openat", path: name)
        }
        return name
    }
}
