// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc

/// The processes that /proc shows.
public enum Processes {
    /// The numbers of all processes, ascending.
    public static func all() throws(LinuxError) -> [Int32] {
        try Directory.names(in: "/proc").compactMap { Int32($0) }.sorted()
    }

    /// The numbers of a process's threads, ascending.
    public static func threads(of process: Int32) throws(LinuxError) -> [Int32] {
        try Directory.names(in: "/proc/\(process)/task").compactMap { Int32($0) }.sorted()
    }

    /// The number of this process.
    public static var current: Int32 { getpid() }

    /// The number of the calling thread.
    public static var currentThread: Int32 { Int32(truncatingIfNeeded: skep_thread_number()) }

    /// Whether there is a process of this number in the caller's pid namespace, as kill(2) sees it.
    public static func exists(_ process: Int32) -> Bool {
        process > 0 && (kill(process, 0) == 0 || errno == EPERM)
    }

    /// The effective user's number; 0 is root.
    public static var currentUser: UInt32 { geteuid() }

    /// A process's command line; empty for kernel threads.
    public static func commandLine(of process: Int32) throws(LinuxError) -> [String] {
        let bytes = try Files.read("/proc/\(process)/cmdline", limit: 4 << 20)
        return bytes.split(separator: 0, omittingEmptySubsequences: false).dropLast().map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    /// The program that a process runs.
    public static func executable(of process: Int32) throws(LinuxError) -> String {
        try Files.linkTarget("/proc/\(process)/exe")
    }

    /// The device and inode of a process's pid namespace, as `bpf_get_ns_current_pid_tgid` (Linux 5.7) wants them to
    /// answer numbers of that namespace.
    public static func processNamespace(
        of process: Int32? = nil
    ) throws(LinuxError) -> (device: UInt64, inode: UInt64) {
        try Files.identity("/proc/\(process.map { String($0) } ?? "self")/ns/pid")
    }
}
