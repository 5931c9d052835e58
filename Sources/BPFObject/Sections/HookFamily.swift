// SPDX-License-Identifier: Apache-2.0

/// What programs attach to, as far as attaching differs: each family is served by one file of the library.
public enum HookFamily: String, Sendable, Hashable, CaseIterable {
    /// A static tracepoint with its own record, `tracepoint/CATEGORY/NAME`.
    case tracepoint
    /// A static tracepoint with its raw arguments, `raw_tracepoint/NAME`.
    case rawTracepoint
    /// A kernel function or tracepoint found by its type: `tp_btf`, `fentry`, `fexit`, `fmod_ret`, `lsm`.
    case tracing
    /// Many kernel functions found by their types, `fentry.multi/PATTERN`.
    case tracingMulti
    /// A kernel function by its name, `kprobe/FUNCTION+OFFSET`.
    case kprobe
    /// Many kernel functions at once.
    case kprobeMulti
    /// A system call as a kernel function.
    case systemCall
    /// A function of an executable or library, `uprobe/PATH:FUNCTION+OFFSET`.
    case uprobe
    /// Many functions of an executable at once.
    case uprobeMulti
    /// A static probe of an executable.
    case userStaticProbe
    /// A sampling or counting event.
    case perfEvent
    /// A network interface's driver.
    case xdp
    /// XDP in a device or CPU map.
    case xdpMap
    /// A network interface's traffic control.
    case trafficControl
    /// A netkit device.
    case netkit
    /// A socket.
    case socketFilter
    /// A group of sockets that share a port.
    case socketReuseport
    /// A cgroup.
    case cgroup
    /// A network namespace.
    case networkNamespace
    /// A map of sockets.
    case socketMap
    /// A netfilter hook.
    case netfilter
    /// An iterator over kernel objects.
    case iterator
    /// A function of another program.
    case replacement
    /// A table of functions of a kernel subsystem.
    case structOps
    /// Called by user space.
    case systemCallProgram
    /// A lightweight tunnel's route.
    case tunnel
    /// An infrared device.
    case infrared
}
